/** What `doctor --fix` mends: only what can be mended without risk, whatever else is going on in the workspace. */
import { chmodSync, lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Config } from "../config/config.ts";
import { Folders, QUEUE_FOLDERS } from "../spool/folders.ts";
import { readOverview } from "../spool/overview.ts";
import { sweep } from "../spool/sweep.ts";
import { folderInside, makeFolderInside } from "../support/folder-inside.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";
import { ensureWorker, runningWorker } from "./client.ts";

export interface Mended {
  /** In past tense, a line each. */
  readonly done: readonly string[];
  /** What could not be mended, and why. */
  readonly problems: readonly string[];
}

/** Missing folders, rights that are too wide, files that dead processes left, and a worker where messages wait without one. */
export async function mend(config: Config): Promise<Mended> {
  const done: string[] = [];
  const problems: string[] = [];
  for (const step of [makeFolders, closeRights, removeStale, startWorker]) {
    try {
      for (const line of await step(config)) done.push(line);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      problems.push(reasonOf(cause));
    }
  }
  return { done, problems };
}

function makeFolders({ root, agents }: Config): readonly string[] {
  const folders = new Folders(root);
  const queue = QUEUE_FOLDERS.map((name) => relative(root, folders.of(name)));
  const inboxes = [...agents.keys()].map((name) => join("agent_workspaces", name, "inbox"));
  const missing = [...queue, ...inboxes].filter((path) => folderInside(root, path.split("/")) === null);
  folders.prepare();
  for (const path of missing) makeFolderInside(root, path.split("/"));
  return missing.map((path) => `made ${path}`);
}

/** Of what is ours in `runtime`. No link is followed. */
function closeRights({ root }: Config): readonly string[] {
  if (process.platform === "win32") return [];
  const runtime = join(root, "runtime");
  const entries = readdirSync(runtime, { recursive: true, withFileTypes: true });
  const closed = entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const isOpen = stats !== undefined && (stats.mode & 0o077) !== 0 && stats.uid === process.getuid?.();
    if (!isOpen || !(entry.isFile() || entry.isDirectory())) return [];
    // What is there for git, in a clone.
    if (entry.name === "README.md" || entry.name === ".gitignore") return [];
    chmodSync(path, entry.isDirectory() ? 0o700 : 0o600);
    return [path];
  });
  return closed.length === 0 ? [] : [`closed ${closed.length} files and folders in runtime/ to other users`];
}

function removeStale({ root, retention }: Config): readonly string[] {
  const folders = new Folders(root);
  const count = () =>
    ["tmp", "ids", "keys", "acks"].reduce(
      (sum, name) => sum + readdirSync(join(folders.queue, name)).length,
      0,
    );
  const before = count();
  sweep(folders, Date.now(), retention.archiveMs);
  const removed = before - count();
  if (removed === 1) return ["removed 1 file that a dead process left"];
  return removed > 0 ? [`removed ${removed} files that dead processes left`] : [];
}

async function startWorker({ root }: Config): Promise<readonly string[]> {
  const { counts, drops } = readOverview(root, 0);
  const isNeeded = counts.queued + counts.delivering + drops > 0;
  if (!isNeeded || (await runningWorker(root)) !== null) return [];
  await ensureWorker(root);
  return ["started a worker: messages wait"];
}
