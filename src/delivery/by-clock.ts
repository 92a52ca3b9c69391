/** What the clock that people read decides: whose time has come, and whose is over. */
import type { Lanes } from "./lanes.ts";
import type { TurnDeps } from "./turn-runner.ts";

/** Settled before turns are given out again; the rest is due at the next look. */
const AT_ONCE = 200;

/** Lets in messages whose time has come, and ends those whose time is over before they were attempted. */
export function keepTimes({ clock, spool, onSettled }: TurnDeps, lanes: Lanes): void {
  lanes.admitDue(clock.now());
  for (const waiting of lanes.takeExpired(clock.now(), AT_ONCE)) {
    const stored = spool.peek(waiting);
    const state = stored && spool.settle(waiting.id, { type: "expired", at: clock.now() });
    if (state) onSettled(stored.message, state);
  }
}
