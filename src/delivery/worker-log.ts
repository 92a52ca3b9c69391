/** The worker's log file: one line per event, at most two files of bounded size. */
import { closeSync, constants, renameSync, statSync } from "node:fs";
import type { Log, LogFields } from "../ports/log.ts";
import type { Clock } from "../ports/world.ts";
import { writeWhole } from "../support/atomic-file.ts";
import { openFile } from "../support/regular-file.ts";

/** Size in bytes at which the log becomes `worker.log.1` and a new one starts. */
const MAX_BYTES = 5_000_000;
/** Longest value of a field, in characters: a stack fits. */
const MAX_VALUE = 2000;
/** What is said in the same words again within so many milliseconds is not written: a full disk lasts for hours. */
const REPEAT_MS = 60_000;
/** Sayings remembered for that. */
const MAX_REMEMBERED = 100;

export class WorkerLog implements Log {
  readonly #path: string;
  readonly #clock: Pick<Clock, "now">;
  #bytes: number;
  /** What was said, and when, the oldest first. */
  readonly #said = new Map<string, number>();

  constructor(path: string, clock: Pick<Clock, "now">) {
    this.#path = path;
    this.#clock = clock;
    this.#bytes = sizeOf(path);
  }

  write(event: string, fields: LogFields = {}): void {
    const words = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
    const saying = [event, ...words].join(" ");
    if (words.length > 0 && this.#isRepeated(saying)) return;
    const line = `${new Date(this.#clock.now()).toISOString()} ${saying}\n`;
    try {
      if (this.#bytes > MAX_BYTES) this.#rotate();
      this.#append(line);
      this.#bytes += Buffer.byteLength(line);
    } catch {
      // A full disk must not stop deliveries; what matters is in the spool.
    }
  }

  #append(line: string): void {
    const fd = openFile(this.#path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
    try {
      writeWhole(fd, line);
    } finally {
      closeSync(fd);
    }
  }

  #isRepeated(saying: string): boolean {
    const now = this.#clock.now();
    const isRepeated = Math.abs(now - (this.#said.get(saying) ?? Number.NEGATIVE_INFINITY)) < REPEAT_MS;
    if (isRepeated) return true;
    this.#said.delete(saying);
    this.#said.set(saying, now);
    const [oldest] = this.#said.keys();
    if (this.#said.size > MAX_REMEMBERED && oldest !== undefined) this.#said.delete(oldest);
    return false;
  }

  #rotate(): void {
    renameSync(this.#path, `${this.#path}.1`);
    this.#bytes = 0;
  }
}

/** On one line, in quotes where it is not one word. */
function plain(value: LogFields[string] | undefined): string {
  const text = String(value ?? "-").slice(0, MAX_VALUE);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
