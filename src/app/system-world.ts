/** The real clock and real chance. Nothing that must stay secret is made of it. */
import type { Clock, Random } from "../ports/world.ts";

/** Node fires at once what is to wait longer: 24.8 days. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, Math.min(delayMs, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = {
  next: () => Math.random(),
  // Not by node's `crypto`, which takes 2 ms to load: what must be unique is created exclusively.
  hex: (bytes) => Array.from({ length: bytes }, randomByte).join(""),
};

function randomByte(): string {
  return Math.floor(Math.random() * 256)
    .toString(16)
    .padStart(2, "0");
}
