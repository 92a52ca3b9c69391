/** A clock that a test moves. */
import type { Cancel, Clock } from "../../src/ports/world.ts";

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  /** `now` in milliseconds since 1970; `monotonic` starts at 0. */
  constructor(now = Date.parse("2026-01-02T03:04:05Z")) {
    this.#start = now;
    this.#now = now;
  }

  readonly #start: number;
  #stepped = 0;

  now(): number {
    return this.#now + this.#stepped;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Sets the clock by so much, as a person or a time server does; back where it is negative. Timers do not notice. */
  step(ms: number): void {
    this.#stepped += ms;
  }

  /** The machine sleeps: time goes on and nobody runs. What was due meanwhile runs with the next `pass`. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** Moves time on, and runs what was due meanwhile, in order. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets everything run that is not waiting for time. */
async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
