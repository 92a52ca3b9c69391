/** The record in memory and on disk. Unlike what is learned it is saved at once, and synced: a step that is on disk is not taken again. */
import type { Log } from "../ports/log.ts";
import { writeAtomically } from "../support/atomic-file.ts";
import { reasonOf } from "../support/reason-of.ts";
import { readFile } from "../support/regular-file.ts";
import { hasCode } from "../support/system-error.ts";
import { type AlertRecord, NO_ALERTS, parseAlertRecord } from "./alert-record.ts";

export class AlertFile {
  readonly #path: string;
  readonly #log: Log;
  #record: AlertRecord = NO_ALERTS;
  #isSaved = true;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  get record(): AlertRecord {
    return this.#record;
  }

  /** What an earlier worker left. Damaged or missing: nothing fires. */
  load(): void {
    try {
      const parsed = parseAlertRecord(JSON.parse(readFile(this.#path).toString("utf8")));
      this.#record = parsed ?? NO_ALERTS;
      if (parsed === null) this.#startedAfresh("it does not hold alerts");
    } catch (error) {
      this.#record = NO_ALERTS;
      if (!hasCode(error, "ENOENT")) this.#startedAfresh(reasonOf(error));
    }
  }

  change(parts: Partial<AlertRecord>): void {
    this.#record = { ...this.#record, ...parts };
    this.#isSaved = false;
    this.save();
  }

  /** Again, where the disk refused it before. Until it takes it, what is in memory counts. */
  save(): void {
    if (this.#isSaved) return;
    try {
      writeAtomically(this.#path, `${JSON.stringify({ schema: 1, ...this.#record })}\n`, { isSynced: true });
      this.#isSaved = true;
    } catch (error) {
      this.#log.write("not_saved", { file: this.#path, reason: reasonOf(error) });
    }
  }

  #startedAfresh(reason: string): void {
    this.#log.write("started_afresh", { file: this.#path, reason });
  }
}
