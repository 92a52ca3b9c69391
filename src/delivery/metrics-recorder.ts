/** Keeps the worker's metrics in memory and in `runtime/metrics.json`. */
import { dueAt, type Message } from "../domain/message.ts";
import type { MessageState } from "../domain/status.ts";
import type { Log } from "../ports/log.ts";
import type { Clock } from "../ports/world.ts";
import { LazyFile } from "./lazy-file.ts";
import {
  type MetricsData,
  NO_METRICS,
  parseMetrics,
  type Rates,
  ratesOf,
  recordEnd,
  recordLockWait,
} from "./metrics.ts";

export interface MetricsRecorderDeps {
  /** Path of `metrics.json`. */
  readonly path: string;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly log: Log;
  /** The window in milliseconds over which rates are computed, as it is configured now. */
  readonly windowMs: () => number;
}

export class MetricsRecorder {
  readonly #deps: MetricsRecorderDeps;
  readonly #file: LazyFile;
  #data: MetricsData = NO_METRICS;

  constructor(deps: MetricsRecorderDeps) {
    this.#deps = deps;
    this.#file = new LazyFile({ ...deps, content: () => ({ schema: 1, ...this.#data }) });
    const saved = this.#file.load();
    const parsed = saved === null ? NO_METRICS : parseMetrics(saved);
    if (parsed === null) this.#file.refuse("it does not hold metrics");
    this.#data = parsed ?? NO_METRICS;
  }

  settled(message: Message, state: MessageState): void {
    const data = recordEnd(this.#data, state, dueAt(message), this.#deps.windowMs());
    if (data !== this.#data) this.#file.changed();
    this.#data = data;
  }

  /** A wait for the desktop lock took `ms` milliseconds. */
  lockWait(ms: number): void {
    this.#data = recordLockWait(this.#data, this.#deps.clock.now(), ms);
    this.#file.changed();
  }

  /** Of the messages that ended in the window that ends now. */
  rates(): Rates {
    return ratesOf(this.#data, this.#deps.clock.now(), this.#deps.windowMs());
  }

  flush(): void {
    this.#file.flush();
  }
}
