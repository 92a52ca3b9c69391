/** The effective configuration with where each value came from, as `config show` prints it. */
import type { Agent } from "../domain/agent.ts";
import type { Profile } from "../domain/profile.ts";
import type { TerminalProfile } from "../domain/terminal-profile.ts";
import { isBuiltIn } from "./agents.ts";
import type { Config } from "./config.ts";
import type { RootSource } from "./root.ts";
import type { Scalar } from "./schema-node.ts";

export interface Explanation {
  readonly root: { readonly value: string; readonly source: RootSource };
  /** Path of `swarm.json`, or null where there is none. */
  readonly file: string | null;
  /** By path, as they could stand in the file. */
  readonly settings: Readonly<Record<string, ExplainedValue>>;
  readonly agents: Readonly<Record<string, ExplainedAgent>>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** The workspace's own, with all their keys. */
  readonly profiles: Readonly<Record<string, Omit<Profile | TerminalProfile, "name">>>;
}

export interface ExplainedValue {
  readonly value: Scalar;
  /** `default`, `swarm.json`, or the name of the environment variable. */
  readonly source: string;
}

export interface ExplainedAgent {
  /** As it could stand in the file, complete. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly source: "swarm.json" | "agent_workspaces";
}

export function explain(config: Config, rootSource: RootSource): Explanation {
  return {
    root: { value: config.root, source: rootSource },
    file: config.file,
    settings: Object.fromEntries(
      config.settings.map(({ path, value, source, variable }) => [
        path,
        { value, source: source === "environment" ? variable : source },
      ]),
    ),
    agents: Object.fromEntries(
      [...config.agents].map(([name, agent]) => {
        const source = config.agentsInFile.has(name) ? "swarm.json" : "agent_workspaces";
        return [name, { value: entryOf(agent), source }];
      }),
    ),
    groups: Object.fromEntries(config.groups),
    profiles: Object.fromEntries(
      [...config.profiles, ...config.terminalProfiles].flatMap(([key, { name, ...keys }]) =>
        isBuiltIn(name) ? [] : [[key, keys]],
      ),
    ),
  };
}

function entryOf(agent: Agent): Readonly<Record<string, unknown>> {
  switch (agent.transport) {
    case "inbox":
      return { transport: agent.transport };
    case "tmux": {
      const { transport, pane, socket, profile } = agent;
      return { transport, pane, socket, ...(profile !== null && { profile }) };
    }
    case "desktop": {
      const { transport, profile, windowTitle, input } = agent;
      return { transport, profile, window: { title: windowTitle }, input };
    }
    default:
      return agent satisfies never;
  }
}
