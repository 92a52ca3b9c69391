/**
 * Presses of keys and buttons that are not ours. The server tells of each press on the display by a raw event (XInput 2),
 * also of those that swarm makes itself: what is seen beyond our own count is somebody else's, however soon it came.
 */
import type { XClient } from "x11";

export interface Presses {
  /** How many were somebody else's so far. Exact when everything that was sent has been handled (`sync`). */
  strange(): number;
  /** Call with each event that is sent over XTEST. */
  sent(type: number): void;
}

/** Of core X, as XTEST takes them: the presses. */
const SENT = new Set([2, 4]);
const SEEN = new Set(["XIRawKeyPress", "XIRawButtonPress"]);

/** On servers without XInput 2 there is nothing to be seen: none is strange. */
export async function countPresses(client: XClient, root: number): Promise<Presses> {
  let own = 0;
  let seen = 0;
  const isWatching = await new Promise<boolean>((resolve) =>
    client.require("xinput", (error, input) => {
      if (error || !input.xi2) return resolve(false);
      const mask = [...SEEN].map((name) => name.replace(/^XI/, ""));
      input.XISelectEvents(root, { deviceId: input.AllMasterDevices, mask });
      resolve(true);
    }),
  );
  client.on("event", (event) => {
    if (SEEN.has(event.name ?? "")) seen += 1;
  });
  return {
    strange: () => (isWatching ? Math.max(0, seen - own) : 0),
    sent(type) {
      if (SENT.has(type)) own += 1;
    },
  };
}
