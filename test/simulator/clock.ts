import type { Clock } from "../../src/ports/world.ts";

/**
 * Time that passes by itself, as fast as the work allows: whenever everything waits, the next thing that is due happens.
 * The same calls give the same order of events each time.
 */
export interface SimulatedClock extends Clock {
  sleep(ms: number): Promise<void>;
}

const STARTED_AT = Date.UTC(2026, 0, 1);

export function simulatedClock(): SimulatedClock {
  let nowMs = 0;
  let isTurning = false;
  const due: { readonly at: number; readonly action: () => void }[] = [];

  const turn = () => {
    isTurning = false;
    const next = due.shift();
    if (!next) return;
    nowMs = Math.max(nowMs, next.at);
    next.action();
    wind();
  };
  const wind = () => {
    if (isTurning || due.length === 0) return;
    isTurning = true;
    // Promises that are ready go first: time stands still while somebody works.
    setImmediate(turn);
  };
  const clock: SimulatedClock = {
    now: () => STARTED_AT + nowMs,
    monotonic: () => nowMs,
    after(delayMs, action) {
      const entry = { at: nowMs + Math.max(0, delayMs), action };
      const index = due.findIndex(({ at }) => at > entry.at);
      due.splice(index < 0 ? due.length : index, 0, entry);
      wind();
      return () => {
        const at = due.indexOf(entry);
        if (at >= 0) due.splice(at, 1);
      };
    },
    sleep: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
  };
  return clock;
}
