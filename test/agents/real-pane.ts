/** A real agent in a tmux pane, with a home, a project and a model server of the test's own. */
import { join } from "node:path";
import { until } from "../desktop-fixture/until.ts";
import type { TmuxServer } from "../tmux-fixture/tmux.ts";
import type { ModelServer } from "./model-server.ts";
import { type RealAgent, settle } from "./real-agents.ts";

const START_MS = 60_000;

export interface RealPane {
  readonly target: string;
  screen(): string;
  keys(...keys: readonly string[]): void;
  /** As a person pastes. */
  paste(text: string): void;
}

export interface RealPaneOptions {
  readonly modules: string;
  readonly model: ModelServer;
  /** It is to ask its question about the folder first. */
  readonly isAsking?: boolean;
  readonly columns?: number;
}

export async function startRealAgent(
  tmux: TmuxServer,
  agent: RealAgent,
  { modules, model, isAsking = false, columns = 120 }: RealPaneOptions,
): Promise<RealPane> {
  const name = `${agent.name}-${isAsking ? "asking" : "ready"}-${columns}`;
  const home = join(tmux.folder, name);
  const project = join(home, "project");
  const variables = settle(agent, home, { project, modelUrl: model.url, isAsking });
  const environment = Object.entries(variables).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const size = ["-x", `${columns}`, "-y", "40"];
  const words = agent.command(modules);
  tmux.start(["new-session", "-d", "-s", name, ...size, "-c", project, ...environment, ...words]);
  const screen = () => tmux.run("capture-pane", "-p", "-t", `=${name}:`);
  const ready = isAsking && agent.question ? agent.question.text : agent.ready;
  await until(`${agent.name} shows ${ready}`, () => ready.test(screen()), START_MS, 100);
  return {
    target: name,
    screen,
    keys: (...keys) => void tmux.run("send-keys", "-t", `=${name}:`, ...keys),
    paste(text) {
      tmux.run("set-buffer", "-b", "person", text);
      tmux.run("paste-buffer", "-p", "-d", "-b", "person", "-t", `=${name}:`);
    },
  };
}
