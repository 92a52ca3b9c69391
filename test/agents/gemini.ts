/** Gemini CLI, installed from npm into a folder of the test's own, in a tmux pane, with a model server of the test's own. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../desktop-fixture/until.ts";
import type { TmuxServer } from "../tmux-fixture/tmux.ts";
import type { ModelServer } from "./model-server.ts";

const PACKAGE = "@google/gemini-cli@0.61.0";
const INSTALL_MS = 300_000;
const START_MS = 60_000;

/** Installs without running scripts; returns the path of the program. */
export function installGemini(folder: string): string {
  const done = spawnSync(
    "npm",
    ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE],
    { timeout: INSTALL_MS, encoding: "utf8" },
  );
  const program = join(folder, "node_modules/.bin/gemini");
  if (!existsSync(program)) throw new Error(`${PACKAGE} could not be installed: ${done.stderr}`);
  return program;
}

export interface Gemini {
  readonly target: string;
  screen(): string;
  keys(...keys: readonly string[]): void;
}

/** `asksForTrust`: starts with its dialog about the folder. */
export async function startGemini(
  program: string,
  tmux: TmuxServer,
  model: ModelServer,
  name: string,
  asksForTrust: boolean,
): Promise<Gemini> {
  const home = join(tmux.folder, name);
  const project = join(home, "project");
  mkdirSync(join(home, ".gemini"), { recursive: true });
  mkdirSync(project);
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: asksForTrust } },
    general: { disableAutoUpdate: true, enableAutoUpdate: false },
    privacy: { usageStatisticsEnabled: false },
    // Named, so that no other model is asked first which one to take.
    model: { name: "gemini-2.5-flash" },
  };
  writeFileSync(join(home, ".gemini/settings.json"), JSON.stringify(settings));
  const variables = {
    HOME: home,
    GEMINI_API_KEY: "none",
    GOOGLE_GEMINI_BASE_URL: model.url,
    NO_UPDATE_NOTIFIER: "1",
  };
  const environment = Object.entries(variables).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const size = ["-x", "120", "-y", "40"];
  tmux.start([
    "new-session",
    "-d",
    "-s",
    name,
    ...size,
    "-c",
    project,
    ...environment,
    process.execPath,
    program,
  ]);
  const screen = () => tmux.run("capture-pane", "-p", "-t", `=${name}:`);
  const ready = asksForTrust ? /Do you trust/ : /Type your message/;
  await until(`Gemini CLI shows ${ready}`, () => ready.test(screen()), START_MS, 100);
  return {
    target: name,
    screen,
    keys: (...keys) => void tmux.run("send-keys", "-t", `=${name}:`, ...keys),
  };
}
