/**
 * How long to wait between a paste and Enter: agents take an Enter that comes too soon as part of the paste. Learned for
 * each agent: it falls while the first Enter works, and rises where it did not.
 */
import type { Timing } from "../../ports/timing.ts";

const FIRST_MS = 150;
const LEAST_MS = 4;
const MOST_MS = 1_000;
const FALL = 0.75;
/** Where no longer pause is known to work. */
const RISE = 1.5;
/** After so many successes in a row something between what failed and what works is tried: agents get quicker, too. */
const TRY_AGAIN_AFTER = 20;

const NEXT = "pause";
/** What is kept besides, which is no delay that was seen: `status` shows those of transports only. */
const BESIDES = "tmux-pause";
const GOOD = "good";
const TOO_SHORT = "too_short";
const SUCCESSES = "successes";

export function enterPauseMs(timing: Timing, agent: string): number {
  return timing.latestMs(agent, "tmux", NEXT) ?? FIRST_MS;
}

/** `enters`: which Enter submitted. `usedMs`: the pause before the first one. */
export function learnPause(timing: Timing, agent: string, usedMs: number, enters: number): void {
  const latest = (step: string) => timing.latestMs(agent, BESIDES, step);
  const learn = (step: string, value: number) =>
    timing.record(agent, step === NEXT ? "tmux" : BESIDES, step, value);
  if (enters > 1) {
    const good = latest(GOOD) ?? 0;
    learn(SUCCESSES, 0);
    learn(TOO_SHORT, usedMs);
    learn(NEXT, good > usedMs ? good : Math.min(MOST_MS, usedMs * RISE));
    return;
  }
  const successes = (latest(SUCCESSES) ?? 0) + 1;
  const tooShort = latest(TOO_SHORT) ?? 0;
  const lower = Math.max(LEAST_MS, usedMs * FALL);
  learn(SUCCESSES, successes);
  learn(GOOD, usedMs);
  if (lower > tooShort) learn(NEXT, lower);
  else learn(NEXT, successes % TRY_AGAIN_AFTER === 0 ? (Math.min(tooShort, usedMs) + usedMs) / 2 : usedMs);
}
