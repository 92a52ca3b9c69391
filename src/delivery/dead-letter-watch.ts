/** Looks at the dead letters no more often than they can have changed. */
import type { DeadLetter, DeadLetters } from "../ports/dead-letters.ts";
import type { Clock } from "../ports/world.ts";

/** Folder times tick coarsely: after a change it is looked again for so long, in milliseconds. */
const COARSEST_TICK_MS = 2000;
/** Between two looks at all names of the queue, in milliseconds; longer where many wait, so that looking takes little of the time. */
const ALL_NAMES_MS = 5000;
const SHARE = 0.01;

export class DeadLetterWatch {
  readonly #source: DeadLetters;
  readonly #clock: Pick<Clock, "monotonic">;
  #longest: readonly DeadLetter[] = [];
  #version: string | null = null;
  #changedAt = Number.NEGATIVE_INFINITY;
  #undone: { readonly until: number; readonly is: boolean } | null = null;

  constructor(source: DeadLetters, clock: Pick<Clock, "monotonic">) {
    this.#source = source;
    this.#clock = clock;
  }

  /** By the last look. */
  get longest(): readonly DeadLetter[] {
    return this.#longest;
  }

  /** One system call while nothing changes. Throws the system's error. */
  look(): void {
    const now = this.#clock.monotonic();
    const version = this.#source.version();
    if (version !== this.#version) {
      this.#changedAt = now;
      this.#undone = null;
    }
    if (now - this.#changedAt > COARSEST_TICK_MS) return;
    this.#longest = this.#source.longest();
    this.#version = version;
  }

  /** One of those that were undone has ended, or waits for its next attempt. */
  ended(): void {
    this.#undone = null;
  }

  isAnyUndone(ids: readonly string[]): boolean {
    const now = this.#clock.monotonic();
    if (this.#undone === null || now > this.#undone.until) {
      const is = this.#source.isAnyUndone(ids);
      const end = this.#clock.monotonic();
      this.#undone = { is, until: end + Math.max(ALL_NAMES_MS, (end - now) / SHARE) };
    }
    return this.#undone.is;
  }
}
