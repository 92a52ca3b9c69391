/** How long the person at the desktop has been idle. Events of our own reset the X idle timer as well: they are told apart. */
import type { XConnection } from "./connection.ts";
import { ROUNDING_MS } from "./presses.ts";

export interface IdleWatch {
  /** Milliseconds since the last input that was not ours; infinite where the server can't tell. */
  humanIdleMs(): Promise<number>;
  /** Call when the server has handled input events of ours. */
  acted(): void;
  /** When the last input event of any swarm on this desktop was made, on the machine's own clock; null: none known. */
  lastOwnInput(): number | null;
  /** Another swarm made input events until then: they are no person's. */
  othersActed(at: number): void;
}

export function watchIdle(x: XConnection): IdleWatch {
  let lastOwnAt = Number.NEGATIVE_INFINITY;
  let lastHumanAt = Number.NEGATIVE_INFINITY;
  const query = () =>
    x.screenSaver
      ? x.ask<{ idle: number }>((r) => x.screenSaver?.QueryInfo(x.root, r))
      : Promise.resolve(null);
  return {
    async humanIdleMs() {
      // From before the question: a slow answer must not make an event of ours look younger than it is.
      const askedAt = performance.now();
      const info = await query();
      if (!info) return Number.POSITIVE_INFINITY;
      const lastInputAt = askedAt - info.idle;
      if (lastInputAt > lastOwnAt + ROUNDING_MS) lastHumanAt = Math.max(lastHumanAt, lastInputAt);
      return performance.now() - lastHumanAt;
    },
    acted() {
      lastOwnAt = performance.now();
    },
    lastOwnInput: () => (Number.isFinite(lastOwnAt) ? lastOwnAt + toMachine() : null),
    othersActed(at) {
      lastOwnAt = Math.max(lastOwnAt, at - toMachine());
    },
  };
}

/** From `performance.now()` to the clock that processes share, in milliseconds. */
export function toMachine(): number {
  return machineNow() - performance.now();
}

/** Processes share the clock of `hrtime`; `performance.now()` starts anew in each. In milliseconds. */
export function machineNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
