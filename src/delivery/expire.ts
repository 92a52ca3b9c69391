/** Ends messages whose time is over before they were attempted. */
import type { Lanes } from "./lanes.ts";
import type { TurnDeps } from "./turn-runner.ts";

/** Settled before turns are given out again. */
const AT_ONCE = 200;

/** True: there may be more of them. */
export function expire({ clock, spool, onSettled }: TurnDeps, lanes: Lanes): boolean {
  const expired = lanes.takeExpired(clock.now(), AT_ONCE);
  for (const waiting of expired) {
    const stored = spool.peek(waiting);
    const state = stored && spool.settle(waiting.id, { type: "expired", at: clock.now() });
    if (state) onSettled(stored.message, state);
  }
  return expired.length === AT_ONCE;
}
