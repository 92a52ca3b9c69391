/**
 * The way in for programs without Node: files that they rename into `drop`.
 *
 *   drop/NAME ──rename──▶ tmp/<µs>-<id>.drop ──accept under that id──▶ new/…   then the .drop file is removed
 *
 * The rename fixes the id (and is on disk) before anything is accepted. So a crash between acceptance and removal leaves
 * a .drop file whose id the spool knows, and it is only removed; a crash before it leaves one whose id nobody knows, and
 * it is accepted. Only the worker takes in. What can't be accepted is parked in `bad`; a full spool or disk leaves it.
 */
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import type { AcceptResult, NewMessage, StoredMessage } from "../ports/store.ts";
import { syncFolder } from "../support/atomic-file.ts";
import { rawPath } from "../support/raw-path.ts";
import { secondTry } from "../support/second-try.ts";
import { isPassing, isSystemError } from "../support/system-error.ts";
import type { Acceptor } from "./acceptor.ts";
import { park } from "./bad.ts";
import { type DropRules, longestDropFile, parseDrop } from "./drop-message.ts";
import type { Folders } from "./folders.ts";
import type { Identity, IdSource } from "./id-source.ts";
import { listFolder, spoolIds } from "./locate.ts";

export interface DropFolderParts {
  readonly folders: Folders;
  readonly ids: IdSource;
  readonly acceptor: Pick<Acceptor, "acceptAs" | "hasRoom">;
  readonly find: (id: string) => StoredMessage | null;
  /** Hears what keeps the files where they are for now. */
  readonly onTrouble: (cause: Error) => void;
}

/** Taken in by one scan; the rest by the next ones, so that deliveries go on meanwhile. */
const AT_ONCE = 200;

interface Taken {
  readonly identity: Identity;
  readonly path: string;
  /** The program's name for it; after a crash only that of the .drop file is known. */
  readonly name: string;
}

export class DropFolder {
  readonly #parts: DropFolderParts;
  /** Paths of .drop files that this process took and has not accepted: no crash to think of. */
  readonly #own = new Set<string>();

  constructor(parts: DropFolderParts) {
    this.#parts = parts;
  }

  /** Trouble with the disk ends it for now: it is no reason not to deliver, and `status` shows what still lies there. */
  takeIn(rules: DropRules): void {
    try {
      const leftovers = this.#leftovers();
      const all = leftovers.length > 0 ? leftovers : this.#takeNew();
      if (all.length > 0) this.#syncMoves();
      for (const taken of all) if (!this.#parts.acceptor.hasRoom() || !this.#settle(taken, rules)) return;
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      this.#parts.onTrouble(cause);
    }
  }

  /** Taken by an earlier scan that could not finish. Those that were accepted before a crash are only removed. */
  #leftovers(): readonly Taken[] {
    const taken = [...listFolder(this.#parts.folders.of("tmp"))]
      .sort()
      .flatMap((name) => this.#parseTaken(name) ?? []);
    if (taken.every(({ path }) => this.#own.has(path))) return taken;
    const inSpool = spoolIds(this.#parts.folders);
    return taken.filter(({ identity, path }) => {
      if (this.#own.has(path)) return true;
      const isAccepted = inSpool.has(identity.id) || this.#parts.find(identity.id) !== null;
      if (isAccepted) unlinkSync(path);
      return !isAccepted;
    });
  }

  #parseTaken(name: string): Taken | null {
    const match = /^(\d{16})-(msg_\d{8}_\d{6}_[0-9a-f]{8})\.drop$/.exec(name);
    if (!match) return null;
    const [, micros, id = ""] = match;
    const identity = { id, micros: Number(micros), acceptedAt: Math.floor(Number(micros) / 1000) };
    return { identity, path: this.#parts.folders.of("tmp", name), name: `${id}.json` };
  }

  #takeNew(): readonly Taken[] {
    const { folders, ids, acceptor } = this.#parts;
    const names = listFolder(folders.of("drop"));
    if (names.length === 0 || !acceptor.hasRoom()) return [];
    const taken = byAge(folders, names)
      .slice(0, AT_ONCE)
      .flatMap((name) => {
        const identity = ids.next();
        const path = folders.of("tmp", `${String(identity.micros).padStart(16, "0")}-${identity.id}.drop`);
        return this.#isMoved(folders.of("drop", name), path) ? [{ identity, path, name }] : [];
      });
    for (const { path } of taken) this.#own.add(path);
    return taken;
  }

  /** Before one of them is accepted, also by a later scan: else a power cut could bring back `drop/NAME` beside the accepted message. */
  #syncMoves(): void {
    syncFolder(this.#parts.folders.of("tmp"));
    syncFolder(this.#parts.folders.of("drop"));
  }

  #isMoved(from: string, to: string): boolean {
    try {
      renameSync(rawPath(from), to);
      return true;
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      // Gone, or not to be moved (a mount point): the others are.
      if (cause.code !== "ENOENT") this.#parts.onTrouble(cause);
      return false;
    }
  }

  /** False when it can't be stored now: it stays as it is for the next scan, and so does what comes after it. */
  #settle({ identity, path, name }: Taken, rules: DropRules): boolean {
    const message = readDrop(path, rules);
    const verdict =
      typeof message === "string" ? message : verdictOf(this.#parts.acceptor.acceptAs(message, identity));
    if (verdict === "not now") return false;
    this.#own.delete(path);
    if (verdict === "accepted") unlinkSync(path);
    else park(this.#parts.folders, path, verdict, name);
    return true;
  }
}

/** How many files of programs without Node wait to be taken in. */
export function countDrops(folders: Folders): number {
  const taken = listFolder(folders.of("tmp")).filter((name) => name.endsWith(".drop"));
  return listFolder(folders.of("drop")).length + taken.length;
}

/** A reason why not, where it will never be. */
function verdictOf(result: AcceptResult | null): "accepted" | "not now" | string {
  if (result?.kind === "accepted") return "accepted";
  if (result?.kind !== "key_conflict") return "not now";
  const { key, id, recipient } = result;
  return `Its key ${JSON.stringify(key)} was used within a day for ${id} to ${recipient}, with another body.`;
}

function byAge(folders: Folders, names: readonly string[]): readonly string[] {
  const aged = names.map((name) => ({ name, at: statsOf(folders.of("drop", name))?.mtimeMs ?? 0 }));
  return aged.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function readDrop(path: string, rules: DropRules): NewMessage | string {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile()) return "It is not a regular file.";
    const longest = longestDropFile(rules.maxBytes);
    if (stats.size > longest)
      return `It has ${stats.size} bytes; more than ${longest} can't hold an acceptable body.`;
    return parseDrop(
      secondTry(() => readOpened(path)),
      rules,
    );
  } catch (cause) {
    if (isSystemError(cause) && !isPassing(cause)) return `It can't be read: ${cause.message}`;
    throw cause;
  }
}

/** No link is followed and nothing is waited for, should it be replaced between the look and the opening. */
function readOpened(path: string): Buffer {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
