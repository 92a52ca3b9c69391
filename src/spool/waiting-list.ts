/** The worker's index of waiting messages, in order, made from names alone and kept between scans. */
import { rmdirSync } from "node:fs";
import { join } from "node:path";
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
  /** Claimed, cancelled, parked, or moved to another name. */
  vanished(waiting: WaitingFile): void;
}

type FilesByName = ReadonlyMap<string, WaitingFile>;

export class WaitingList {
  readonly #folders: Folders;
  readonly #observer: WaitingObserver | null;
  /** By folder and name, so that a message which left and came back under another name is a new one. */
  #known: ReadonlyMap<string, FilesByName> = new Map();
  #inOrder: readonly WaitingFile[] = [];

  constructor(folders: Folders, observer: WaitingObserver | null) {
    this.#folders = folders;
    this.#observer = observer;
  }

  /** Reads the folders again. Names that are no message's are parked, emptied folders of broadcasts removed. */
  scan(): readonly WaitingFile[] {
    const known = this.#known;
    const seen = new Map<string, FilesByName>();
    const added: WaitingFile[] = [];
    for (const directory of waitingDirectories(this.#folders)) {
      const files = this.#read(directory, known.get(directory), added);
      if (files.size > 0) seen.set(directory, files);
    }
    const isThere = ({ directory, file }: WaitingFile) => seen.get(directory)?.has(file) ?? false;
    const isNoneGone = sizeOf(seen) === this.#inOrder.length + added.length;
    const gone = isNoneGone ? [] : this.#inOrder.filter((waiting) => !isThere(waiting));
    const kept = isNoneGone ? this.#inOrder : this.#inOrder.filter(isThere);
    this.#known = seen;
    this.#inOrder = added.length === 0 ? kept : [...kept, ...added].sort(byOrder);
    this.#tell(gone, added);
    return this.#inOrder;
  }

  #tell(gone: readonly WaitingFile[], added: readonly WaitingFile[]): void {
    if (!this.#observer) return;
    for (const waiting of gone) this.#observer.vanished(waiting);
    for (const waiting of added) this.#observer.appeared(waiting);
  }

  #read(directory: string, known: FilesByName | undefined, added: WaitingFile[]): FilesByName {
    const names = listFolder(directory);
    const isTop = directory === this.#folders.of("new");
    if (!isTop && names.length === 0) this.#removeEmptied(directory);
    const files = new Map<string, WaitingFile>();
    for (const file of names) {
      if (isTop && isBroadcastFolder(file)) continue;
      const before = known?.get(file);
      const waiting = before ?? this.#parse(directory, file);
      if (!waiting) continue;
      files.set(file, waiting);
      if (!before) added.push(waiting);
    }
    return files;
  }

  #parse(directory: string, file: string): WaitingFile | null {
    const name = parseName(file);
    if (name) return waitingFile(name, directory, file);
    park(this.#folders, join(directory, file), "its name is not that of a message file");
    return null;
  }

  #removeEmptied(directory: string): void {
    try {
      rmdirSync(directory);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      if (cause.code !== "ENOTDIR") return; // a dot file in it, or gone: it is looked at again
      park(this.#folders, directory, "its name is that of a broadcast's folder, and it is a file");
    }
  }
}

function sizeOf(directories: ReadonlyMap<string, FilesByName>): number {
  let size = 0;
  for (const files of directories.values()) size += files.size;
  return size;
}

function byOrder(a: Waiting, b: Waiting): number {
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}

function waitingFile(name: MessageName, directory: string, file: string): WaitingFile {
  const { id, recipient, priority, expiresAt } = name;
  return { id, recipient, priority, order: orderOf(name), expiresAt, directory, file };
}
