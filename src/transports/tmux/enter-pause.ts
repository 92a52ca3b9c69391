/**
 * How long to wait between a paste and Enter: agents take an Enter that comes too soon as part of the paste. Learned for
 * each agent: it falls while the first Enter works, and rises where it did not.
 */
import type { Timing } from "../../ports/timing.ts";

const FIRST_MS = 150;
const LEAST_MS = 4;
const MOST_MS = 1_000;
const FALL = 0.75;
const RISE = 1.6;
/** Not again so near to a pause that was too short. */
const APART = 1.25;

const PAUSE = "pause";
const TOO_SHORT = "pause_too_short";

export function enterPauseMs(timing: Timing, agent: string): number {
  return timing.latestMs(agent, "tmux", PAUSE) ?? FIRST_MS;
}

/** `enters`: which Enter submitted. `usedMs`: the pause before the first one. */
export function learnPause(timing: Timing, agent: string, usedMs: number, enters: number): void {
  if (enters > 1) {
    timing.record(agent, "tmux", TOO_SHORT, usedMs);
    timing.record(agent, "tmux", PAUSE, Math.min(MOST_MS, usedMs * RISE));
    return;
  }
  const tooShort = timing.latestMs(agent, "tmux", TOO_SHORT) ?? 0;
  const lower = Math.max(LEAST_MS, usedMs * FALL);
  timing.record(agent, "tmux", PAUSE, lower < tooShort * APART ? usedMs : lower);
}
