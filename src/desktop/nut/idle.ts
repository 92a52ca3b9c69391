/** How long the person has been idle. swarm's own events count as input for the system: they are told apart by their time. */

import type { Point } from "../../domain/agent.ts";
import type { NutDesk } from "./nut-desk.ts";
import { isNear } from "./pointer.ts";

/** Slack between our clock and the system's when an event of ours is looked for in the idle time. */
const SLACK_MS = 60;

export interface IdleWatch {
  /** Milliseconds since the last input that was not ours; infinite where none was seen. */
  humanIdleMs(): Promise<number>;
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
  return {
    async humanIdleMs() {
      const askedAt = clock.monotonic();
      const [idleMs, pointer] = await Promise.all([calls.idleMs(), calls.pointer()]);
      const lastInputAt = idleMs === null ? Number.NEGATIVE_INFINITY : askedAt - idleMs;
      if (lastInputAt > lastOwnAt + SLACK_MS) lastHumanAt = Math.max(lastHumanAt, lastInputAt);
      if (lastPointer !== null && !isNear(pointer, lastPointer)) lastHumanAt = askedAt;
      lastPointer = pointer;
      return clock.monotonic() - lastHumanAt;
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
}
