/** How long the person at the desktop has been idle. Events of our own reset the X idle timer as well: they are told apart. */
import type { XConnection } from "./connection.ts";

/** Slack between our clock and the server's when an event of ours is looked for in the idle time. */
const SLACK_MS = 60;

export interface IdleWatch {
  /** Milliseconds since the last input that was not ours; infinite where the server can't tell. */
  humanIdleMs(): Promise<number>;
  /** Call after each input event of ours. */
  acted(): void;
  isScreenSaverOn(): Promise<boolean>;
}

export function watchIdle(x: XConnection): IdleWatch {
  let lastOwnAt = Number.NEGATIVE_INFINITY;
  let lastHumanAt = Number.NEGATIVE_INFINITY;
  const query = () =>
    x.screenSaver
      ? x.ask<{ state: number; idle: number }>((r) => x.screenSaver?.QueryInfo(x.root, r))
      : Promise.resolve(null);
  return {
    async humanIdleMs() {
      const info = await query();
      if (!info) return Number.POSITIVE_INFINITY;
      const lastInputAt = performance.now() - info.idle;
      if (lastInputAt > lastOwnAt + SLACK_MS) lastHumanAt = Math.max(lastHumanAt, lastInputAt);
      return performance.now() - lastHumanAt;
    },
    acted() {
      lastOwnAt = performance.now();
    },
    async isScreenSaverOn() {
      return (await query())?.state === 1;
    },
  };
}
