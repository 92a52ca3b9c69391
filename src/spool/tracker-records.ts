/**
 * What the tracker knows, ready to be written: each record is serialised once, when it changes; those of messages to
 * which nothing has happened yet are made when they are written, so that 100,000 of them stay small in memory.
 */
import { isFinished, type Status } from "../domain/status.ts";
import { type TrackerRecord, untouchedText, waitingRecord } from "./tracker-record.ts";
import type { WaitingFile } from "./waiting-list.ts";

interface Untouched {
  readonly waiting: WaitingFile;
  /** Null until the file was opened. */
  readonly sender: string | null;
}

interface Entry {
  /** `"id": {…}`, as it stands in the file. */
  readonly text: string;
  readonly status: Status;
}

/** Characters that are put together before they are written. */
const PART_LENGTH = 1 << 18;

export class TrackerRecords {
  readonly #limit: number;
  readonly #untouched = new Map<string, Untouched>();
  /** Waiting again, or being delivered. */
  readonly #unfinished = new Map<string, Entry>();
  /** Oldest first. */
  #finished = new Map<string, Entry>();
  /** Acknowledged by a file of their own: the worker, who tells of everything else, does not know. */
  readonly #acknowledged = new Set<string>();
  /** One copy of each sender's name. */
  readonly #senders = new Map<string, string>();

  /** `limit`: how many finished messages are kept, the newest ones. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  appeared(waiting: WaitingFile): void {
    this.#finished.delete(waiting.id);
    if (!this.#unfinished.has(waiting.id)) this.#untouched.set(waiting.id, { waiting, sender: null });
  }

  vanished({ id }: WaitingFile): void {
    this.#untouched.delete(id);
    // Claimed messages have gone on to `delivering` before the scan that misses them.
    if (this.#unfinished.get(id)?.status === "queued") this.#unfinished.delete(id);
  }

  put(id: string, record: TrackerRecord): void {
    const { status } = record;
    const text = `"${id}": ${JSON.stringify(record)}`;
    const entry = { text: this.#acknowledged.has(id) ? acknowledgedText(text) : text, status };
    this.#untouched.delete(id);
    this.#unfinished.delete(id);
    this.#finished.delete(id);
    (isFinished(status) ? this.#finished : this.#unfinished).set(id, entry);
    this.#dropOldest();
  }

  /** A waiting message was opened, and nothing has happened to it. */
  setSender(waiting: WaitingFile, sender: string): void {
    if (!this.#untouched.has(waiting.id)) return;
    const known = this.#senders.get(sender) ?? sender;
    this.#senders.set(known, known);
    this.#untouched.set(waiting.id, { waiting, sender: known });
  }

  /** Finished before anything of this was heard; oldest first. */
  putEarlier(earlier: Iterable<{ readonly id: string; readonly summary: TrackerRecord }>): void {
    const heard = this.#finished;
    this.#finished = new Map();
    for (const { id, summary } of earlier)
      if (!heard.has(id) && !this.#unfinished.has(id) && !this.#untouched.has(id)) this.put(id, summary);
    for (const [id, entry] of heard) this.#finished.set(id, entry);
    this.#dropOldest();
  }

  /** True when a record changed by that. */
  acknowledge(id: string): boolean {
    const untouched = this.#untouched.get(id);
    if (untouched) this.put(id, waitingRecord(untouched.waiting, untouched.sender));
    const entries = this.#finished.has(id) ? this.#finished : this.#unfinished;
    const entry = entries.get(id);
    if (!entry || this.#acknowledged.has(id)) return false;
    this.#acknowledged.add(id);
    entries.set(id, { ...entry, text: acknowledgedText(entry.text) });
    return true;
  }

  /** The file's content, in parts: a JSON object by id. */
  *parts(): Iterable<string> {
    let part = "{";
    let separator = "\n";
    for (const text of this.#texts()) {
      part += separator + text;
      separator = ",\n";
      if (part.length < PART_LENGTH) continue;
      yield part;
      part = "";
    }
    yield `${part}\n}\n`;
  }

  *#texts(): Iterable<string> {
    for (const { text } of this.#finished.values()) yield text;
    for (const { text } of this.#unfinished.values()) yield text;
    for (const { waiting, sender } of this.#untouched.values()) yield untouchedText(waiting, sender);
  }

  #dropOldest(): void {
    for (const id of this.#finished.keys()) {
      if (this.#finished.size <= this.#limit) return;
      this.#finished.delete(id);
      this.#acknowledged.delete(id);
    }
  }
}

function acknowledgedText(text: string): string {
  return text.replace(
    /"evidence":\[([^\]]*)\]/,
    (_, before) => `"evidence":[${before}${before && ","}"acknowledged"]`,
  );
}
