/** A small JSON file of learned data: loaded once, saved soon after changes, never worth failing for. */
import type { Log } from "../ports/log.ts";
import type { Cancel, Clock } from "../ports/world.ts";
import { writeAtomically } from "../support/atomic-file.ts";
import { reasonOf } from "../support/reason-of.ts";
import { readFile } from "../support/regular-file.ts";
import { hasCode } from "../support/system-error.ts";

export interface LazyFileDeps {
  readonly path: string;
  readonly clock: Pick<Clock, "after">;
  readonly log: Log;
  /** What to save, as JSON. */
  readonly content: () => unknown;
}

/** Milliseconds from a change to its save, so that many changes are one save. */
const SAVE_DELAY_MS = 2000;

export class LazyFile {
  readonly #deps: LazyFileDeps;
  #pending: Cancel | null = null;

  constructor(deps: LazyFileDeps) {
    this.#deps = deps;
  }

  /** What was saved, or null when there is nothing or only damage, which the log then tells. */
  load(): unknown {
    const { path, log } = this.#deps;
    try {
      return JSON.parse(readFile(path).toString("utf8"));
    } catch (error) {
      if (!hasCode(error, "ENOENT")) log.write("started_afresh", { file: path, reason: reasonOf(error) });
      return null;
    }
  }

  /** Tells that what `load` returned made no sense. */
  refuse(reason: string): void {
    this.#deps.log.write("started_afresh", { file: this.#deps.path, reason });
  }

  changed(): void {
    this.#pending ??= this.#deps.clock.after(SAVE_DELAY_MS, () => {
      this.flush();
    });
  }

  /** Saves now what has changed. Not synced: a power cut may cost some learning, no more. */
  flush(): void {
    if (this.#pending === null) return;
    this.#pending();
    this.#pending = null;
    try {
      writeAtomically(this.#deps.path, `${JSON.stringify(this.#deps.content())}\n`, { isSynced: false });
    } catch (error) {
      this.#deps.log.write("not_saved", { file: this.#deps.path, reason: reasonOf(error) });
    }
  }
}
