/** Whether a program has the keyboard to itself, as a screen locker or an open menu has. */
import type { XConnection } from "./connection.ts";

/** The server's times: now; and its modes of a grab: events go on. */
const NOW = 0;
const ASYNC = 1;
const GRABBED = 0;

/** There is no question for it but to take the keyboard for an instant, which the active window hears of. */
export async function isKeyboardTaken({ client, root, ask }: XConnection): Promise<boolean> {
  const status = await ask<number>((r) => client.GrabKeyboard(root, true, NOW, ASYNC, ASYNC, r));
  if (status === GRABBED) client.UngrabKeyboard(NOW);
  return status !== GRABBED;
}
