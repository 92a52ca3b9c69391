/** Whether a screen that is dark is locked as well. */
import type { XConnection } from "./connection.ts";

/** What the screen saver extension says of its state, and of what is shown (`kind`). */
const ON = 1;
const BY_A_PROGRAM = 2;
/** Dark for so long, in milliseconds, nobody has just now sent the screen to sleep. */
const LONG_MS = 300_000;
/** The server's times: now; and its modes of a grab: events go on. */
const NOW = 0;
const ASYNC = 1;
const GRABBED = 0;

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

async function isKeyboardTaken({ client, root, ask }: XConnection): Promise<boolean> {
  const status = await ask<number>((r) => client.GrabKeyboard(root, true, NOW, ASYNC, ASYNC, r));
  if (status === GRABBED) client.UngrabKeyboard(NOW);
  return status !== GRABBED;
}
