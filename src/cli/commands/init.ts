/** `swarm init [--agents N]` */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CONFIG_FILE, loadConfig } from "../../config/load.ts";
import { EXIT, SwarmError } from "../../domain/errors.ts";
import { ConfigError, usageError } from "../../library/failure.ts";
import { currentFolder } from "../../library/workspace.ts";
import { folderInside, makeFolderInside } from "../../support/folder-inside.ts";
import { hasCode, isSystemError } from "../../support/system-error.ts";
import { type Action, type Define, textOption } from "../command.ts";
import { counted } from "../render.ts";

export const defineInit: Define = (definition, run) => {
  definition
    .option("--agents <n>", "how many agents: Agent-1 to Agent-n", "4")
    .addHelpText("after", EXAMPLES)
    .action(run(init));
};

const EXAMPLES = `
What is there already stays as it is.

Examples:
  swarm init --agents 8
  swarm --root ~/work init`;

const MOST = 1000;

const init: Action = (session, given) => {
  const count = parseCount(textOption(given, "agents") ?? "");
  const root = resolve(currentFolder(), session.flags.root ?? (session.env["SWARM_ROOT"] || "."));
  const names = Array.from({ length: count }, (_, index) => `Agent-${index + 1}`);
  const made: string[] = [];
  const kept: string[] = [];
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    (writeNew(join(root, CONFIG_FILE), configText(names)) ? made : kept).push(CONFIG_FILE);
    for (const name of names) {
      const inbox = ["agent_workspaces", name, "inbox"];
      const isNew = folderInside(root, inbox) === null;
      makeFolderInside(root, inbox);
      (isNew ? made : kept).push(`agent_workspaces/${name}`);
    }
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new SwarmError(
      EXIT.notStored,
      `the workspace could not be made: ${cause.message}`,
      "choose a folder that you may write to, with --root DIR",
      cause,
    );
  }
  const loaded = loadConfig(root, session.env);
  for (const path of kept) session.note(`${path} was there and stays as it is`);
  for (const path of made) session.say(`made ${path}`);
  session.json({ root, made, kept });
  if (!loaded.ok) throw new ConfigError(loaded.file, loaded.problems);
  session.note(
    `${counted(loaded.config.agents.size, "agent")} in ${root}; try: swarm send ${names[0]} "hello"`,
  );
  return EXIT.done;
};

function parseCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw usageError(
    `--agents must be a number from 1 to ${MOST}, and is ${JSON.stringify(text)}; nothing was made`,
    "for example: swarm init --agents 4",
  );
}

/** One agent per line, so that it is easy to edit. */
function configText(names: readonly string[]): string {
  const agents = names.map((name) => `    ${JSON.stringify(name)}: { "transport": "inbox" }`).join(",\n");
  return `{\n  "agents": {\n${agents}\n  },\n  "groups": {}\n}\n`;
}

/** False when it is there already, as whatever. */
function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (cause) {
    if (hasCode(cause, "EEXIST")) return false;
    throw cause;
  }
}
