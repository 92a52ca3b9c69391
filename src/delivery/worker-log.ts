/** The worker's log file: one line per event, at most two files of bounded size. */
import { appendFileSync, renameSync, statSync } from "node:fs";
import type { Log, LogFields } from "../ports/log.ts";
import type { Clock } from "../ports/world.ts";

/** Size in bytes at which the log becomes `worker.log.1` and a new one starts. */
const MAX_BYTES = 5_000_000;
/** Longest value of a field, in characters: a stack fits. */
const MAX_VALUE = 2000;

export class WorkerLog implements Log {
  readonly #path: string;
  readonly #clock: Pick<Clock, "now">;
  #bytes: number;

  constructor(path: string, clock: Pick<Clock, "now">) {
    this.#path = path;
    this.#clock = clock;
    this.#bytes = sizeOf(path);
  }

  write(event: string, fields: LogFields = {}): void {
    const at = new Date(this.#clock.now()).toISOString();
    const words = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
    const line = `${[at, event, ...words].join(" ")}\n`;
    try {
      if (this.#bytes > MAX_BYTES) this.#rotate();
      appendFileSync(this.#path, line, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(line);
    } catch {
      // A full disk must not stop deliveries; what matters is in the spool.
    }
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
