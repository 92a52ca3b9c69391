/** The effective configuration with where each value came from, as `config show` prints it. */
import type { Agent } from "../domain/agent.ts";
import { BUILT_IN_PROFILES, type Profile } from "../domain/profile.ts";
import type { Config } from "./config.ts";
import type { RootSource } from "./root.ts";
import type { Scalar } from "./schema-node.ts";
import type { Source } from "./settings.ts";

export interface Explanation {
  readonly root: { readonly value: string; readonly source: RootSource };
  /** Path of `swarm.json`, or null where there is none. */
  readonly file: string | null;
  /** By path, as they could stand in the file. */
  readonly settings: Readonly<Record<string, ExplainedValue>>;
  readonly agents: Readonly<Record<string, Agent & { readonly source: "swarm.json" | "agent_workspaces" }>>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** The workspace's own. */
  readonly profiles: Readonly<Record<string, Profile>>;
}

export interface ExplainedValue {
  readonly value: Scalar;
  /** Environment variables by their name. */
  readonly source: Exclude<Source, "environment"> | string;
}

export function explain(config: Config, rootSource: RootSource): Explanation {
  const isBuiltIn = (name: string) => BUILT_IN_PROFILES.some((profile) => profile.name === name);
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
      [...config.agents].map(([name, agent]) => [
        name,
        { ...agent, source: config.agentsInFile.has(name) ? "swarm.json" : "agent_workspaces" } as const,
      ]),
    ),
    groups: Object.fromEntries(config.groups),
    profiles: Object.fromEntries([...config.profiles].filter(([name]) => !isBuiltIn(name))),
  };
}
