/**
 * The tracker: a view of the queue for people and scripts, `runtime/message_delivery_tracking.json`. The worker keeps it
 * true; the queue folder stays the truth, and at the start of a worker, or when somebody damages or removes the file,
 * it is written anew from what is known.
 *
 * Each record is serialised once, when it changes. A write happens at most WRITES_PER_SECOND times a second, and takes
 * at most SHARE of the time: with 100,000 waiting messages (30 MB) it is written less often. It is replaced
 * atomically but not synced: after a power cut the next worker writes it again.
 */
import { statSync } from "node:fs";
import { isFinished, type Status } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import type { Cancel, Clock } from "../ports/world.ts";
import { writeAtomically } from "../support/atomic-file.ts";
import { isSystemError } from "../support/system-error.ts";
import { Folders } from "./folders.ts";
import type { SpoolObserver } from "./options.ts";
import { type TrackerRecord, trackerRecord, waitingRecord } from "./tracker-record.ts";
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

interface Entry {
  /** `"id": {…}`, as it stands in the file. */
  readonly text: string;
  readonly status: Status;
}

export class MessageTracker implements SpoolObserver {
  readonly #options: TrackerOptions;
  readonly #folders: Folders;
  readonly #unfinished = new Map<string, Entry>();
  /** Oldest first. */
  #finished = new Map<string, Entry>();
  readonly #unread = new Map<string, WaitingFile>();
  #acknowledgedAt = 0;
  #isStarted = false;
  #isDirty = false;
  #writtenAs = "";
  #earliestMs = 0;
  #cancels: { write: Cancel | null; poll: Cancel | null } = { write: null, poll: null };

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#folders = new Folders(options.root);
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
    if (this.#isStarted && this.#isDirty) this.#write(Number.POSITIVE_INFINITY);
    this.#isStarted = false;
  }

  appeared(waiting: WaitingFile): void {
    this.#unread.set(waiting.id, waiting);
    const known = this.#unfinished.get(waiting.id);
    if (!known) this.#put(waiting.id, waitingRecord(waiting));
    this.#mark();
  }

  vanished({ id }: WaitingFile): void {
    this.#unread.delete(id);
    // Claimed messages have gone on to `delivering` before the scan that misses them.
    if (this.#unfinished.get(id)?.status === "queued") this.#unfinished.delete(id);
    this.#mark();
  }

  changed(stored: StoredMessage): void {
    this.#unread.delete(stored.message.id);
    this.#put(stored.message.id, trackerRecord(stored));
    this.#mark();
  }

  #put(id: string, record: TrackerRecord): void {
    const { status } = record;
    const entry = { text: `${JSON.stringify(id)}: ${JSON.stringify(record)}`, status };
    this.#finished.delete(id);
    if (!isFinished(status)) {
      this.#unfinished.set(id, entry);
      return;
    }
    this.#unfinished.delete(id);
    this.#finished.set(id, entry);
    this.#dropOldest();
  }

  #dropOldest(): void {
    for (const id of this.#finished.keys()) {
      if (this.#finished.size <= this.#options.limit) return;
      this.#finished.delete(id);
    }
  }

  #mark(): void {
    this.#isDirty = true;
    if (!this.#isStarted || this.#cancels.write) return;
    const { clock } = this.#options;
    const delayMs = Math.max(SETTLE_MS, this.#earliestMs - clock.monotonic());
    this.#cancels.write = clock.after(delayMs, () => {
      this.#cancels.write = null;
      this.#write(READ_BUDGET_MS);
    });
  }

  #poll(): void {
    this.#cancels.poll = this.#options.clock.after(POLL_MS, () => {
      if (this.#takeAcknowledgements() || this.#fileIdentity() !== this.#writtenAs) this.#mark();
      this.#poll();
    });
  }

  #write(readBudgetMs: number): void {
    const { clock, onTrouble } = this.#options;
    const startedAt = clock.monotonic();
    try {
      this.#isDirty = false;
      if (this.#writtenAs === "") this.#addEarlier();
      this.#readArrived(readBudgetMs);
      this.#takeAcknowledgements();
      this.#folders.prepare();
      writeAtomically(this.#folders.trackerFile, this.#parts(), { isSynced: false });
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

  /** What was finished before this worker began, behind what it has heard of since. */
  #addEarlier(): void {
    const heard = this.#finished;
    this.#finished = new Map();
    for (const { id, summary } of newestFinished(this.#folders, this.#options.limit))
      if (!heard.has(id) && !this.#unfinished.has(id)) this.#put(id, summary);
    for (const [id, entry] of heard) this.#finished.set(id, entry);
    this.#dropOldest();
  }

  /** Opens the files of messages that have arrived, within the time given; the names of the rest say nearly everything. */
  #readArrived(budgetMs: number): void {
    const { clock } = this.#options;
    const end = clock.monotonic() + budgetMs;
    for (const waiting of this.#unread.values()) {
      if (clock.monotonic() >= end) return;
      this.#unread.delete(waiting.id);
      const stored = readWaiting(waiting);
      if (stored) this.#put(waiting.id, trackerRecord(stored));
    }
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
    for (const id of acknowledgedIds(this.#folders)) {
      const entries = this.#finished.has(id) ? this.#finished : this.#unfinished;
      const entry = entries.get(id);
      if (!entry || entry.text.includes('"acknowledged"')) continue;
      entries.set(id, { ...entry, text: acknowledgedText(entry.text) });
      hasChanged = true;
    }
    return hasChanged;
  }

  *#parts(): Iterable<string> {
    let part = "{";
    let separator = "\n";
    for (const entries of [this.#finished, this.#unfinished])
      for (const { text } of entries.values()) {
        part += separator + text;
        separator = ",\n";
        if (part.length < 1 << 20) continue;
        yield part;
        part = "";
      }
    yield `${part}\n}\n`;
  }

  /** Tells the file that was written here from one that somebody replaced, damaged or removed. */
  #fileIdentity(): string {
    const stats = statSync(this.#folders.trackerFile, { throwIfNoEntry: false });
    return stats ? `${stats.ino}-${stats.size}-${stats.mtimeMs}` : "missing";
  }
}

function acknowledgedText(text: string): string {
  return text.replace(
    /"evidence":\[([^\]]*)\]/,
    (_, before) => `"evidence":[${before}${before && ","}"acknowledged"]`,
  );
}
