/** Waiting for something to become true, with a deadline, and an end when the whole selftest is to end. */
import { setTimeout as delay } from "node:timers/promises";

const LOOK_EVERY_MS = 5;

/** The condition's value as soon as it is neither null nor false; null when it never was. Throws where `signal` is aborted. */
export async function within<T>(
  deadlineMs: number,
  signal: AbortSignal,
  condition: () => T | null | false | Promise<T | null | false>,
): Promise<T | null> {
  for (const end = performance.now() + deadlineMs; ; ) {
    signal.throwIfAborted();
    const value = await condition();
    if (value !== null && value !== false) return value;
    if (performance.now() > end) return null;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** A part of the selftest's own that did not come up: nothing is known of swarm then. */
export class NotReady extends Error {
  override readonly name = "NotReady";
}

/** As `within`, for what must be there before anything can be tried. Throws NotReady. */
export async function ready<T>(
  what: string,
  deadlineMs: number,
  signal: AbortSignal,
  condition: () => T | null | false | Promise<T | null | false>,
): Promise<T> {
  const value = await within(deadlineMs, signal, condition);
  if (value === null) throw new NotReady(`${what} did not come within ${Math.round(deadlineMs / 1000)} s`);
  return value;
}
