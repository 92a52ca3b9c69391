/** Whether a screen that is dark is locked as well. */
import type { XConnection } from "./connection.ts";
import { isKeyboardTaken } from "./keyboard-taken.ts";

/** What the screen saver extension says of its state, and of what is shown (`kind`). */
const ON = 1;
const BY_A_PROGRAM = 2;
/** Dark for so long, in milliseconds, nobody has just now sent the screen to sleep. */
const LONG_MS = 300_000;

/**
 * A server makes its screen dark where nobody has touched anything for minutes, and any key ends that: no lock, and the
 * hours in which agents are alone with their messages. A lock is what a program shows that said so to the server, what was
 * switched on just now, or whatever has the keyboard to itself.
 */
export async function isLockedBySaver(x: XConnection): Promise<boolean> {
  const { screenSaver } = x;
  if (screenSaver === null) return false;
  const saver = await x.ask<{ state: number; idle: number; kind: number }>((r) =>
    screenSaver.QueryInfo(x.root, r),
  );
  if (saver.state !== ON) return false;
  if (saver.kind === BY_A_PROGRAM) return true;
  const { timeout } = await x.ask<{ timeout: number }>((r) => x.client.GetScreenSaver(r));
  const isForIdleness = saver.idle >= Math.min(LONG_MS, timeout > 0 ? timeout * 1000 : LONG_MS);
  return !isForIdleness || (await isKeyboardTaken(x));
}
