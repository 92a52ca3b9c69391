/**
 * Agents that get nothing for now: `runtime/paused/<Agent>.json` for each, and `_all.json` for all (no agent's name begins so).
 * Made by a rename, removed by an unlink: any process may do either at any time.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { NAME } from "../domain/agent.ts";
import { isTime } from "../domain/time.ts";
import { writeAtomically } from "../support/atomic-file.ts";
import { folderInside, makeFolderInside } from "../support/folder-inside.ts";
import { readFile } from "../support/regular-file.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";

export interface Pause {
  /** Who paused it; "" where the file does not say. */
  readonly by: string;
  /** Milliseconds since 1970, or null where the file does not say. */
  readonly since: number | null;
}

export interface Pauses {
  readonly all: Pause | null;
  readonly agents: ReadonlyMap<string, Pause>;
}

/** From the root. */
export const PAUSED_FOLDER = ["runtime", "paused"] as const;
const ALL = "_all";
const ENDING = ".json";

/** Throws the system's error when the folder is there and can't be read. */
export function readPauses(root: string): Pauses {
  const folder = folderInside(root, PAUSED_FOLDER);
  const names = folder === null ? [] : namesIn(folder);
  const pauseOf = (name: string) => readPause(join(folder ?? "", `${name}${ENDING}`));
  const agents = names.filter((name) => NAME.test(name)).map((name) => [name, pauseOf(name)] as const);
  return { all: names.includes(ALL) ? pauseOf(ALL) : null, agents: new Map(agents) };
}

/** The pause that holds back messages for this agent, or null. */
export function pauseFor(agent: string, { all, agents }: Pauses): Pause | null {
  return agents.get(agent) ?? all;
}

/** `agent` null: all. What was paused before stays as it was. */
export function pause(root: string, agent: string | null, { by, since }: Pause): void {
  const folder = makeFolderInside(root, PAUSED_FOLDER);
  const name = agent ?? ALL;
  if (namesIn(folder).includes(name)) return;
  writeAtomically(join(folder, `${name}${ENDING}`), `${JSON.stringify({ by, since })}\n`, { isSynced: true });
}

/** `agent` null: whatever is paused. The names that were, `null` for all. */
export function resume(root: string, agent: string | null): readonly (string | null)[] {
  const folder = folderInside(root, PAUSED_FOLDER);
  if (folder === null) return [];
  const paused = namesIn(folder).filter((name) => agent === null || name === agent);
  for (const name of paused) rmSync(join(folder, `${name}${ENDING}`), { force: true });
  return paused.map((name) => (name === ALL ? null : name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => file.slice(0, -ENDING.length))
      .filter((name) => name === ALL || NAME.test(name));
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return [];
    throw cause;
  }
}

/** A file that is damaged pauses all the same: somebody wanted it. */
function readPause(path: string): Pause {
  try {
    const { by, since } = Object(JSON.parse(readFile(path).toString("utf8"))) as Record<string, unknown>;
    return { by: typeof by === "string" ? by.slice(0, 64) : "", since: isTime(since) ? since : null };
  } catch (cause) {
    if (!isSystemError(cause) && !(cause instanceof SyntaxError)) throw cause;
    return { by: "", since: null };
  }
}
