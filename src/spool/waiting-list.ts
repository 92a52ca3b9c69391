/** The worker's index of waiting messages, in order, made from names alone and kept between scans. */
import { rmdirSync } from "node:fs";
import { join } from "node:path";
import type { Waiting } from "../ports/store.ts";
import { isSystemError } from "../support/system-error.ts";
import { park } from "./bad.ts";
import type { Folders } from "./folders.ts";
import { listings } from "./locate.ts";
import { orderIn, parseName } from "./message-name.ts";

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

export class WaitingList {
  readonly #folders: Folders;
  readonly #observer: WaitingObserver | null;
  /** By folder and name, so that a message which left and came back under another name is a new one. Changed in place. */
  readonly #known = new Map<string, Map<string, WaitingFile>>();
  #inOrder: readonly WaitingFile[] = [];
  /** One copy of each recipient's name, however many messages wait for it. */
  readonly #recipients = new Map<string, string>();

  constructor(folders: Folders, observer: WaitingObserver | null) {
    this.#folders = folders;
    this.#observer = observer;
  }

  /** Reads the folders again. Names that are no message's are parked, emptied folders of broadcasts removed. */
  scan(): readonly WaitingFile[] {
    const added: WaitingFile[] = [];
    const gone = new Set<WaitingFile>();
    try {
      this.#readAll(added, gone);
    } finally {
      // Also when a folder can't be read: what was seen until then is seen.
      if (gone.size > 0) this.#inOrder = this.#inOrder.filter((waiting) => !gone.has(waiting));
      if (added.length > 0) this.#inOrder = [...this.#inOrder, ...added].sort(byOrder);
      if (this.#observer) for (const waiting of gone) this.#observer.vanished(waiting);
      if (this.#observer) for (const waiting of added) this.#observer.appeared(waiting);
    }
    return this.#inOrder;
  }

  #readAll(added: WaitingFile[], gone: Set<WaitingFile>): void {
    const missed = new Set(this.#known.keys());
    for (const { directory, files } of listings(this.#folders, "new")) {
      const isBroadcast = directory !== this.#folders.of("new");
      if (isBroadcast && files.length === 0) this.#removeEmptied(directory);
      this.#update(directory, files, added, gone);
      missed.delete(directory);
    }
    for (const directory of missed) this.#update(directory, [], added, gone);
  }

  #update(directory: string, names: readonly string[], added: WaitingFile[], gone: Set<WaitingFile>): void {
    const known = this.#known.get(directory) ?? new Map<string, WaitingFile>();
    const isMissing = names.reduce((count, file) => count + Number(known.has(file)), 0) < known.size;
    if (isMissing) removeMissing(known, new Set(names), gone);
    for (const file of names) {
      if (known.has(file)) continue;
      const waiting = this.#parse(directory, file);
      if (!waiting) continue;
      known.set(file, waiting);
      added.push(waiting);
    }
    if (known.size === 0) this.#known.delete(directory);
    else this.#known.set(directory, known);
  }

  /** Null when it is not a message's: it is parked. */
  #parse(directory: string, file: string): WaitingFile | null {
    const name = parseName(file);
    if (!name) {
      park(this.#folders, join(directory, file), "its name is not that of a message file");
      return null;
    }
    const { priority, notBefore, expiresAt } = name;
    const recipient = this.#recipients.get(name.recipient) ?? name.recipient;
    this.#recipients.set(recipient, recipient);
    return {
      id: name.id,
      recipient,
      priority,
      order: orderIn(file, name),
      notBefore,
      expiresAt,
      directory,
      file,
    };
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

function removeMissing(
  known: Map<string, WaitingFile>,
  names: ReadonlySet<string>,
  gone: Set<WaitingFile>,
): void {
  for (const [file, waiting] of known) {
    if (names.has(file)) continue;
    known.delete(file);
    gone.add(waiting);
  }
}

function byOrder(a: Waiting, b: Waiting): number {
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}
