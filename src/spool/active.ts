/**
 * The messages that this worker has claimed: one writer, so that their events are appended without any lock.
 *
 *   new ──claim──▶ active ──settle──▶ done | failed | unconfirmed | new (deferred, handed back)
 *
 * Claim: the rename comes first, as it is what a cancel can't win too; then `claimed` is written. A crash between
 * leaves a queued message in `active`, which `interrupted` puts back. Settle: the line comes first and is synced, then
 * the file moves. A crash between leaves an ended message in `active`, which `interrupted` moves on. Neither rename
 * waits for the disk: whichever folder a power cut leaves the file in, its last line says where it belongs.
 */
import { renameSync } from "node:fs";
import type { MessageEvent } from "../domain/events.ts";
import { applyEvent, type MessageState, type Status } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import { syncFolder, writeAtomically } from "../support/atomic-file.ts";
import { appendWhole } from "../support/line-log.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import { park } from "./bad.ts";
import type { Folders, QueueFolder } from "./folders.ts";
import { type Location, listFolder, pathOf } from "./locate.ts";
import { eventLine, messageLine, readMessage } from "./message-file.ts";
import { idIn, parseName, remarked, unmarked } from "./message-name.ts";

export interface ActiveMessage {
  stored: StoredMessage;
  file: string;
  wholeBytes: number;
  /** Events that the file's name carries, until they are lines. */
  pending: readonly MessageEvent[];
  /** False until `active` was synced with it in: needed before the first irreversible step. */
  isPlaceSynced: boolean;
}

/** Told of every change that this worker makes. */
export type ChangeObserver = (stored: StoredMessage) => void;

export class ActiveMessages {
  readonly #folders: Folders;
  readonly #onChange: ChangeObserver;
  readonly #own = new Map<string, ActiveMessage>();

  constructor(folders: Folders, onChange: ChangeObserver) {
    this.#folders = folders;
    this.#onChange = onChange;
  }

  get(id: string): ActiveMessage | null {
    return this.#own.get(id) ?? null;
  }

  /** Moves a file into `active`. Null when it is gone, was damaged (parked), or had ended already (moved on). */
  take(location: Location): ActiveMessage | null {
    const name = parseName(location.file);
    try {
      renameSync(pathOf(location), this.#folders.of("active", location.file));
    } catch (cause) {
      if (hasCode(cause, "ENOENT")) return null;
      throw cause;
    }
    const taken = name && this.#open(location.file);
    if (!taken) return null;
    if (taken.stored.state.status === "queued") return this.#own.set(name.id, taken) && taken;
    // Only a power cut on a file system that forgets renames, or a person with `mv`, leaves such a file among the
    // waiting ones. Ended: it moves on. Cut off in an attempt: it stays for `interrupted`, and is never typed anew.
    if (taken.stored.state.status !== "delivering") this.#moveOn(taken);
    else if (isRepeatable(taken.stored.state)) return this.#own.set(name.id, taken) && taken;
    return null;
  }

  /** What lies in `active` and was not claimed by this process: cut off by a crash. Puts right what needs no decision. */
  interrupted(): readonly StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const active of [...this.#own.values()])
      if (active.stored.state.status !== "delivering") this.release(active); // it could not be moved before
    for (const file of listFolder(this.#folders.of("active"))) {
      const id = idIn(file);
      if (id !== null && this.#own.has(id)) continue;
      const active = this.#open(file);
      if (!active) continue;
      if (active.stored.state.status === "delivering") {
        this.#own.set(active.stored.message.id, active);
        this.#onChange(active.stored);
        found.push(active.stored);
      } else this.#moveOn(active);
    }
    return found;
  }

  /** Appends an event. Throws the system's error when it can't be stored; the message is then as before. */
  append(active: ActiveMessage, events: readonly MessageEvent[], isDurable: boolean): MessageState {
    const state = events.reduce(applyEvent, active.stored.state);
    // The place first: should that fail, nothing was written. Once it has ended, any place will do.
    if (isDurable && state.status === "delivering" && !active.isPlaceSynced) this.#syncPlace(active);
    const path = this.#folders.of("active", active.file);
    const text = [...active.pending, ...events].map(eventLine).join("");
    try {
      active.wholeBytes = appendWhole(path, text, { wholeBytes: active.wholeBytes, isSynced: isDurable });
    } catch (cause) {
      if (!isSystemError(cause) || cause.code === "ENOENT") throw cause;
      // After a failed write or sync the file is not to be believed: all of it goes to a new one.
      active.wholeBytes = this.#rewrite(active, events);
    }
    active.pending = [];
    const { stored } = active;
    active.stored = { message: stored.message, events: [...stored.events, ...events], state };
    this.#onChange(active.stored);
    return state;
  }

  /** Moves the file to where its state lies and lets go of it. Throws the system's error, and may be called again then. */
  release(active: ActiveMessage): void {
    this.#moveOn(active);
    this.#own.delete(active.stored.message.id);
  }

  #open(file: string): ActiveMessage | null {
    const path = this.#folders.of("active", file);
    const reading = readMessage(path, file);
    if (reading.kind === "gone") return null;
    if (reading.kind === "damaged") {
      park(this.#folders, path, reading.reason);
      return null;
    }
    const { stored, wholeBytes, pending } = reading;
    return { stored, file, wholeBytes, pending, isPlaceSynced: false };
  }

  #syncPlace(active: ActiveMessage): void {
    syncFolder(this.#folders.of("active"));
    active.isPlaceSynced = true;
  }

  #rewrite({ stored, file }: ActiveMessage, events: readonly MessageEvent[]): number {
    const lines = [...stored.events, ...events].map(eventLine);
    const whole = Buffer.from(messageLine(stored.message) + lines.join(""));
    const temporary = this.#folders.of("tmp", file);
    writeAtomically(this.#folders.of("active", file), whole, { isSynced: true, temporary });
    return whole.length;
  }

  #moveOn({ stored, file, pending }: ActiveMessage): void {
    const { status } = stored.state;
    if (status === "delivering") return;
    const target = pending.length > 0 ? file : nameIn(status, file);
    try {
      renameSync(this.#folders.of("active", file), this.#folders.of(FOLDER_OF[status], target));
    } catch (cause) {
      if (!hasCode(cause, "ENOENT")) throw cause; // somebody removed or moved it: nothing is left to do
    }
  }
}

/** Where a message lies by its state. */
export const FOLDER_OF: Readonly<Record<Status, QueueFolder>> = {
  queued: "new",
  delivering: "active",
  delivered: "done",
  cancelled: "done",
  expired: "done",
  failed: "failed",
  unconfirmed: "unconfirmed",
};

/** Nothing was typed yet: the attempt may simply be made again. */
function isRepeatable(state: MessageState): boolean {
  return state.step === "claimed" || state.step === null;
}

function nameIn(status: Status, file: string): string {
  return status === "expired"
    ? remarked(file, { retried: null, ended: { type: "expired" } })
    : unmarked(file);
}
