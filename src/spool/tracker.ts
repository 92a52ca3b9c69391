/**
 * The tracker: a view of the queue for people and scripts, `runtime/message_delivery_tracking.json`. The worker keeps it
 * true; the queue folder stays the truth, and at the start of a worker, or when somebody damages or removes the file,
 * it is written anew from what is known.
 *
 * A write happens at most WRITES_PER_SECOND times a second, and writing takes at most SHARE of the time: with 100,000
 * waiting messages (25 MB) it happens less often. The file is replaced atomically but not synced: after a power cut the
 * next worker writes it again.
 */
import { lstatSync, statSync } from "node:fs";
import type { StoredMessage } from "../ports/store.ts";
import type { Cancel, Clock } from "../ports/world.ts";
import { writeAtomically } from "../support/atomic-file.ts";
import { isSystemError } from "../support/system-error.ts";
import { Folders } from "./folders.ts";
import type { SpoolObserver } from "./options.ts";
import { trackerRecord } from "./tracker-record.ts";
import { TrackerRecords } from "./tracker-records.ts";
import { acknowledgedIds, newestFinished, readWaiting } from "./tracker-source.ts";
import type { WaitingFile } from "./waiting-list.ts";

export interface TrackerOptions {
  /** The workspace root. */
  readonly root: string;
  /** How many finished messages are shown: the newest ones. */
  readonly limit: number;
  readonly clock: Clock;
  /** Hears why the file could not be written; it is tried again. */
  readonly onTrouble?: (cause: Error) => void;
}

const WRITES_PER_SECOND = 4;
/** Of the time that goes into writing, at most. */
const SHARE = 0.1;
/** After a change, so that what follows at once goes into the same write. */
const SETTLE_MS = 50;
/** How often acknowledgements and the file itself are looked at. */
const POLL_MS = 500;
/** For opening the files of messages that have arrived, per write. */
const READ_BUDGET_MS = 20;

export class MessageTracker implements SpoolObserver {
  readonly #options: TrackerOptions;
  readonly #folders: Folders;
  readonly #records: TrackerRecords;
  /** Messages that have arrived and were not opened yet. */
  readonly #unread = new Set<WaitingFile>();
  #acknowledgedAt = 0;
  #isStarted = false;
  #isDirty = false;
  #writtenAs = "";
  #earliestMs = 0;
  #cancels: { write: Cancel | null; poll: Cancel | null } = { write: null, poll: null };

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#folders = new Folders(options.root);
    this.#records = new TrackerRecords(options.limit);
  }

  /** Begins to keep the file true. What the queue and the archive hold is read before the first write. */
  start(): void {
    this.#isStarted = true;
    this.#mark();
    this.#poll();
  }

  /** Writes what is not yet written, and ends. */
  close(): void {
    this.#cancels.poll?.();
    this.#cancels.write?.();
    this.#cancels = { write: null, poll: null };
    const wasStarted = this.#isStarted;
    this.#isStarted = false;
    if (wasStarted && this.#isDirty) this.#write();
  }

  appeared(waiting: WaitingFile): void {
    this.#unread.add(waiting);
    this.#records.appeared(waiting);
    this.#mark();
  }

  vanished(waiting: WaitingFile): void {
    this.#unread.delete(waiting);
    this.#records.vanished(waiting);
    this.#mark();
  }

  changed(stored: StoredMessage): void {
    this.#records.put(stored.message.id, trackerRecord(stored));
    this.#mark();
  }

  #mark(): void {
    this.#isDirty = true;
    if (!this.#isStarted || this.#cancels.write) return;
    const { clock } = this.#options;
    const delayMs = Math.max(SETTLE_MS, this.#earliestMs - clock.monotonic());
    this.#cancels.write = clock.after(delayMs, () => {
      this.#cancels.write = null;
      this.#write();
    });
  }

  #poll(): void {
    this.#cancels.poll = this.#options.clock.after(POLL_MS, () => {
      if (this.#hasChangedOutside()) this.#mark();
      this.#poll();
    });
  }

  #hasChangedOutside(): boolean {
    try {
      return this.#takeAcknowledgements() || this.#fileIdentity() !== this.#writtenAs;
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      this.#options.onTrouble?.(cause);
      return false;
    }
  }

  #write(): void {
    const { clock, limit, onTrouble } = this.#options;
    const startedAt = clock.monotonic();
    try {
      this.#isDirty = false;
      if (this.#writtenAs === "") this.#records.putEarlier(newestFinished(this.#folders, limit));
      this.#readArrived();
      this.#takeAcknowledgements();
      this.#folders.prepare();
      const { trackerFile } = this.#folders;
      // A fixed name, as only one worker writes: what a killed one leaves is written over.
      writeAtomically(trackerFile, this.#records.parts(), {
        isSynced: false,
        temporary: `${trackerFile}.tmp`,
      });
      this.#writtenAs = this.#fileIdentity();
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      this.#isDirty = true;
      onTrouble?.(cause);
    }
    const tookMs = clock.monotonic() - startedAt;
    this.#earliestMs = startedAt + Math.max(1000 / WRITES_PER_SECOND, tookMs / SHARE);
    if (this.#isDirty || this.#unread.size > 0) this.#mark();
  }

  /** Opens the files of messages that have arrived, within the time given; the names of the rest say nearly everything. */
  #readArrived(): void {
    const { clock } = this.#options;
    const end = clock.monotonic() + READ_BUDGET_MS;
    for (const waiting of this.#unread) {
      if (clock.monotonic() >= end) return;
      this.#unread.delete(waiting);
      this.#read(waiting);
    }
  }

  #read(waiting: WaitingFile): void {
    const stored = readWaiting(waiting);
    if (!stored) return;
    if (stored.events.length === 0) this.#records.setSender(waiting, stored.message.sender);
    else this.#records.put(waiting.id, trackerRecord(stored));
  }

  /** Adds what came since the last look; true when a record has changed. Acknowledging processes write files of their own. */
  #takeAcknowledgements(): boolean {
    const { clock } = this.#options;
    const changedAt = statSync(this.#folders.of("acks"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    // Folder times tick coarsely: soon after a change another one may not show.
    const isSeen = changedAt === this.#acknowledgedAt && Math.abs(clock.now() - changedAt) > 2 * POLL_MS;
    if (isSeen) return false;
    this.#acknowledgedAt = changedAt;
    let hasChanged = false;
    for (const id of acknowledgedIds(this.#folders)) hasChanged = this.#records.acknowledge(id) || hasChanged;
    return hasChanged;
  }

  /** Tells the file that was written here from one that somebody replaced, damaged or removed. */
  #fileIdentity(): string {
    const stats = lstatSync(this.#folders.trackerFile, { throwIfNoEntry: false });
    return stats ? `${stats.ino}-${stats.size}-${stats.mtimeMs}` : "missing";
  }
}
