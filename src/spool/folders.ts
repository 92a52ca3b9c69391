/** Where the spool keeps what, and the check that none of it lies outside the workspace. */
import { chmodSync, lstatSync, mkdirSync, realpathSync, type Stats } from "node:fs";
import { join, relative, sep } from "node:path";
import { syncFolder } from "../support/atomic-file.ts";

/**
 * The folders of `runtime/queue`:
 * tmp (being written; whole but not accepted) · drop (from programs without Node) · new (waiting) · active (claimed by
 * the worker) · done (delivered, cancelled, expired; not yet archived) · failed · unconfirmed · bad (unreadable, with
 * reasons) · keys (deduplication) · acks (acknowledgements) · ids (reserved ranges of ids).
 */
export const QUEUE_FOLDERS = [
  "tmp",
  "drop",
  "new",
  "active",
  "done",
  "failed",
  "unconfirmed",
  "bad",
  "keys",
  "acks",
  "ids",
] as const;
export type QueueFolder = (typeof QUEUE_FOLDERS)[number];

/** A folder of the spool is not what it must be. Has a `code`, as the system's own errors have. */
class UnusableFolderError extends Error {
  override readonly name = "UnusableFolderError";
  readonly code = "EUNUSABLE";
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path} ${why}`);
    this.path = path;
  }
}

export class Folders {
  readonly root: string;
  readonly runtime: string;
  readonly queue: string;
  readonly archive: string;
  /** The tracker's file. */
  readonly trackerFile: string;
  #isPrepared = false;

  constructor(root: string) {
    this.root = root;
    this.runtime = join(root, "runtime");
    this.queue = join(this.runtime, "queue");
    this.archive = join(this.runtime, "archive");
    this.trackerFile = join(this.runtime, "message_delivery_tracking.json");
  }

  of(folder: QueueFolder, ...names: readonly string[]): string {
    return join(this.queue, folder, ...names);
  }

  /**
   * Creates what is missing (0700) and checks the rest. Cheap after the first time. Throws the system's error or
   * UnusableFolderError. The last folder is made when the others are on disk: whoever finds it may rely on them, also
   * while another process makes them. (A power cut may take that last one, `ids`; what was in it is not missed.)
   */
  prepare(): void {
    if (this.#isPrepared) return;
    const folders = this.#all();
    const last = folders.at(-1) ?? this.queue;
    const made = folders.filter((path) => path !== last && isMade(path, this.root));
    const isFirst = checkFolder(last, this.root) === undefined;
    if (isFirst || made.length > 0)
      for (const path of [this.root, this.runtime, this.queue]) syncFolder(path);
    isMade(last, this.root);
    this.#isPrepared = true;
  }

  /** The same, also where it was done before: somebody may have put a link in a folder's place while the program ran. */
  prepareAnew(): void {
    this.forget();
    this.prepare();
  }

  /** Checks without creating: a missing folder is an empty one. Throws UnusableFolderError. */
  check(): void {
    if (this.#isPrepared) return;
    for (const path of this.#all()) checkFolder(path, this.root);
  }

  /** Somebody removed the folders while the program ran: the next `prepare` looks again. */
  forget(): void {
    this.#isPrepared = false;
  }

  #all(): readonly string[] {
    return [this.runtime, this.queue, this.archive, ...QUEUE_FOLDERS.map((name) => this.of(name))];
  }
}

/** True when it was not there. */
function isMade(path: string, root: string): boolean {
  const stats = checkFolder(path, root);
  if (!stats) makeFolder(path);
  else if (stats.isDirectory() && (stats.mode & 0o077) !== 0) closeToOthers(path);
  return !stats;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    // Another sender was faster.
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  }
}

/** A clone brings `runtime/` along with the permissions of its checkout. */
function closeToOthers(path: string): void {
  if (process.platform === "win32") return;
  try {
    chmodSync(path, 0o700);
  } catch {
    // Somebody else's folder on a shared workspace: what is in it is created 0600 all the same.
  }
}

function checkFolder(path: string, root: string): Stats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isDirectory()) return stats;
  if (!stats.isSymbolicLink()) throw new UnusableFolderError(path, "is not a folder");
  const inside = relative(realpathSync(root), realpathSync(path));
  if (inside === ".." || inside.startsWith(`..${sep}`) || inside.startsWith(sep))
    throw new UnusableFolderError(path, "is a symbolic link that leads out of the workspace");
  return stats;
}
