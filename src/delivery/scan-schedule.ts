/**
 * When to scan: at once after a hint, but never so often that scanning itself is the work; and without a hint whenever
 * the spool's folders have changed, which costs two system calls to see however many messages wait.
 */
import type { Spool, Waiting } from "../ports/store.ts";
import type { Clock } from "../ports/world.ts";

/** A scan of this many milliseconds or less may follow at once. */
const CHEAP_MS = 2;
/** Another one is followed by a pause of so many times its own duration, up to the longest. */
const PAUSE_FACTOR = 4;
const LONGEST_PAUSE_MS = 2000;
/** Between scans while there is something to do anyway, in milliseconds. */
const BUSY_PAUSE_MS = 20;
/** Folder times tick coarsely: a change within this many milliseconds of a scan may not show in them. */
const COARSEST_TICK_MS = 2000;
/** The kernel's own tick, for file systems with fine times. */
const USUAL_TICK_MS = 25;
/** Scan after this long even where nothing seems to have changed, in milliseconds. */
const DISTRUST_MS = 30_000;

export class ScanSchedule {
  readonly #spool: Pick<Spool, "scan" | "lastChange">;
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  #isDue = true;
  /** Time of the folders' last change before the last scan, in milliseconds since 1970. */
  #seenChange = 0;
  #scannedAt = Number.NEGATIVE_INFINITY;
  #durationMs = 0;

  constructor(spool: Pick<Spool, "scan" | "lastChange">, clock: Pick<Clock, "now" | "monotonic">) {
    this.#spool = spool;
    this.#clock = clock;
  }

  hint(): void {
    this.#isDue = true;
  }

  /** Makes a scan due where the folders have changed, or may have without showing it. */
  check(): void {
    const isStale = this.#clock.monotonic() - this.#scannedAt > DISTRUST_MS;
    if (isStale || !this.#isUnchanged(COARSEST_TICK_MS)) this.#isDue = true;
  }

  /** True when a scan now would find what the last one did. */
  isCurrent(): boolean {
    return !this.#isDue && this.#isUnchanged(USUAL_TICK_MS);
  }

  /** Milliseconds until the next scan that is due, 0 for now, or null when none is. */
  waitMs(isBusy: boolean): number | null {
    if (!this.#isDue) return null;
    const isCheap = this.#durationMs <= CHEAP_MS;
    const pauseMs = isCheap ? 0 : Math.min(LONGEST_PAUSE_MS, this.#durationMs * PAUSE_FACTOR);
    const earliest = this.#scannedAt + (isBusy ? Math.max(BUSY_PAUSE_MS, pauseMs) : pauseMs);
    return Math.max(0, earliest - this.#clock.monotonic());
  }

  scan(knownAgents: ReadonlySet<string>): readonly Waiting[] {
    const startedAt = this.#clock.monotonic();
    this.#seenChange = this.#spool.lastChange();
    const all = this.#spool.scan(knownAgents);
    this.#isDue = false;
    this.#scannedAt = this.#clock.monotonic();
    this.#durationMs = this.#scannedAt - startedAt;
    return all;
  }

  #isUnchanged(tickMs: number): boolean {
    const changedAt = this.#spool.lastChange();
    return changedAt === this.#seenChange && Math.abs(this.#clock.now() - changedAt) >= tickMs;
  }
}
