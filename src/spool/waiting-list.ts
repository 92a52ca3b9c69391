/** The worker's index of waiting messages, in order, made from names alone and kept between scans. */
import { rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Waiting } from "../ports/store.ts";
import { isSystemError } from "../support/system-error.ts";
import { park } from "./bad.ts";
import type { Folders } from "./folders.ts";
import { listFolder, waitingDirectories } from "./locate.ts";
import { isBroadcastFolder, type MessageName, orderOf, parseName } from "./message-name.ts";

/** A waiting message and where its file lies. */
export interface WaitingFile extends Waiting {
  readonly directory: string;
  readonly file: string;
}

export interface WaitingObserver {
  appeared(waiting: WaitingFile): void;
  /** Claimed, cancelled or parked. */
  vanished(waiting: WaitingFile): void;
}

export class WaitingList {
  readonly #folders: Folders;
  readonly #observer: WaitingObserver | null;
  /** By path, so that a message which left and came back under another name is a new one. */
  #known = new Map<string, WaitingFile>();
  #inOrder: readonly WaitingFile[] = [];

  constructor(folders: Folders, observer: WaitingObserver | null) {
    this.#folders = folders;
    this.#observer = observer;
  }

  /** Reads the folders again. Names that are no message's are parked, emptied folders of broadcasts removed. */
  scan(): readonly WaitingFile[] {
    const seen = new Map<string, WaitingFile>();
    const added: WaitingFile[] = [];
    for (const directory of waitingDirectories(this.#folders)) {
      for (const file of this.#files(directory)) {
        const path = join(directory, file);
        const known = this.#known.get(path);
        const waiting = known ?? this.#parse(directory, file, path);
        if (!waiting) continue;
        seen.set(path, waiting);
        if (!known) added.push(waiting);
      }
    }
    const gone = this.#replaceBy(seen, added);
    if (this.#observer) for (const waiting of gone) this.#observer.vanished(waiting);
    if (this.#observer) for (const waiting of added) this.#observer.appeared(waiting);
    return this.#inOrder;
  }

  /** The file of a waiting message that `scan` returned, or null when it is not known. */
  find(id: string): WaitingFile | null {
    return this.#inOrder.find((waiting) => waiting.id === id) ?? null;
  }

  #files(directory: string): readonly string[] {
    const names = listFolder(directory);
    const isTop = directory === this.#folders.of("new");
    if (isTop) return names.filter((name) => !isBroadcastFolder(name));
    if (names.length === 0) this.#removeEmptied(directory);
    return names;
  }

  #removeEmptied(directory: string): void {
    try {
      rmdirSync(directory);
    } catch (cause) {
      // Not a folder at all, or not empty (a dot file in it).
      if (!isSystemError(cause)) throw cause;
      if (cause.code === "ENOTDIR")
        park(this.#folders, directory, "the name is that of a broadcast, and it is not a folder");
    }
  }

  #parse(directory: string, file: string, path: string): WaitingFile | null {
    const name = parseName(file);
    if (name) return waitingFile(name, directory, file);
    park(this.#folders, path, "the name is not that of a message file", basename(path));
    return null;
  }

  /** Returns what is no longer there. */
  #replaceBy(seen: Map<string, WaitingFile>, added: readonly WaitingFile[]): readonly WaitingFile[] {
    const isSame = added.length === 0 && seen.size === this.#known.size;
    if (isSame) return [];
    const isThere = (waiting: WaitingFile) => seen.has(join(waiting.directory, waiting.file));
    const gone = this.#inOrder.filter((waiting) => !isThere(waiting));
    const kept = gone.length === 0 ? this.#inOrder : this.#inOrder.filter(isThere);
    this.#known = seen;
    this.#inOrder = added.length === 0 ? kept : [...kept, ...added].sort(byOrder);
    return gone;
  }
}

function byOrder(a: Waiting, b: Waiting): number {
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}

export function waitingFile(name: MessageName, directory: string, file: string): WaitingFile {
  const { id, recipient, priority, expiresAt } = name;
  return { id, recipient, priority, order: orderOf(name), expiresAt, directory, file };
}
