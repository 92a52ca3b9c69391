/** Claims what a turn of a lane is for. */
import type { DeliverySettings } from "../ports/settings.ts";
import type { StoredMessage, Waiting } from "../ports/store.ts";
import type { Clock } from "../ports/world.ts";
import { claimJoiners, type JoiningDeps } from "./joining.ts";
import type { Lane, Turn } from "./lane.ts";
import { pauseMs } from "./recovery.ts";

/** Claimed messages of one turn, in order; mostly it is one. */
export interface Taken {
  readonly kind: "deliver" | "resume";
  readonly members: readonly StoredMessage[];
  /** As they waited; none of what is resumed. */
  readonly waiting: readonly Waiting[];
}

export interface TakingDeps extends JoiningDeps {
  readonly clock: Clock;
}

/** Null when it is gone or not due. */
export function takeTurn(deps: TakingDeps, lane: Lane, turn: Turn, settings: DeliverySettings): Taken | null {
  const { clock, spool, pid } = deps;
  if (turn.kind === "resume") {
    lane.removeResumption(turn.members);
    return { kind: "resume", members: turn.members, waiting: [] };
  }
  const { waiting } = turn;
  if (!lane.isKnown(waiting.id)) {
    // First seen by this worker: an earlier one may have put it off.
    const notBefore = monotonicTime(clock, spool.peek(waiting)?.state.nextAttemptAt ?? null, settings);
    if (notBefore > clock.monotonic()) {
      lane.hold(waiting.id, notBefore);
      return null;
    }
  }
  const stored = spool.claim(waiting, { pid, at: clock.now() });
  lane.remove(waiting);
  if (!stored) return null;
  const agent = settings.agents.get(lane.agent);
  const joiners = claimJoiners(deps, lane, { waiting, stored }, agent, settings);
  return {
    kind: "deliver",
    members: [stored, ...joiners.map((joiner) => joiner.stored)],
    waiting: [waiting, ...joiners.map((joiner) => joiner.waiting)],
  };
}

/** A time since 1970 on the monotonic clock, which nobody sets. */
export function monotonicTime(clock: Clock, at: number | null, settings: DeliverySettings): number {
  return clock.monotonic() + pauseMs(at, settings, clock.now());
}
