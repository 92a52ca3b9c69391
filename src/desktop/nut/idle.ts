/** How long the person has been idle. swarm's own events count as input for the system: they are told apart by their time. */

import type { Point } from "../../domain/agent.ts";
import type { NutDesk } from "./nut-desk.ts";
import { isNear } from "./pointer.ts";

/** Slack between our clock and the system's when an event of ours is looked for in the idle time. */
const SLACK_MS = 60;

export interface IdleWatch {
  /** Milliseconds since the last input that was not ours; infinite where none was seen. */
  humanIdleMs(): Promise<number>;
  /** The same, of all that may have been before this program began to look; 0 where the system tells no idle time. */
  untouchedMs(): Promise<number>;
  /** Call after each input event of ours. */
  acted(): void;
  /** When the last input event of any swarm on this desktop was made, on the machine's own clock; null: none known. */
  lastOwnInput(): number | null;
  /** Another swarm made input events until then: they are no person's. */
  othersActed(at: number): void;
}

/** Where the system tells no idle time, a pointer that moved by itself is the only sign of a person. */
export function watchIdle({ calls, clock, machineNow }: NutDesk): IdleWatch {
  let lastOwnAt = Number.NEGATIVE_INFINITY;
  let lastHumanAt = Number.NEGATIVE_INFINITY;
  let lastPointer: Point | null = null;
  /** The last input when it was first asked for, whoever made it. */
  let knownFrom: number | null = null;
  const watch: IdleWatch = {
    async humanIdleMs() {
      const askedAt = clock.monotonic();
      const [idleMs, pointer] = await Promise.all([calls.idleMs(), calls.pointer()]);
      const lastInputAt = idleMs === null ? Number.NEGATIVE_INFINITY : askedAt - idleMs;
      if (lastInputAt > lastOwnAt + SLACK_MS) lastHumanAt = Math.max(lastHumanAt, lastInputAt);
      knownFrom ??= idleMs === null ? Number.POSITIVE_INFINITY : lastInputAt;
      if (lastPointer !== null && !isNear(pointer, lastPointer)) lastHumanAt = askedAt;
      lastPointer = pointer;
      return clock.monotonic() - lastHumanAt;
    },
    async untouchedMs() {
      const humanIdleMs = await watch.humanIdleMs();
      return Math.max(0, Math.min(humanIdleMs, clock.monotonic() - (knownFrom ?? Number.POSITIVE_INFINITY)));
    },
    acted() {
      lastOwnAt = clock.monotonic();
      lastPointer = null;
    },
    lastOwnInput: () => (Number.isFinite(lastOwnAt) ? machineNow() - (clock.monotonic() - lastOwnAt) : null),
    othersActed(at) {
      lastOwnAt = Math.max(lastOwnAt, clock.monotonic() - (machineNow() - at));
      lastPointer = null;
    },
  };
  return watch;
}
