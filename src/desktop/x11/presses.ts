/**
 * Presses of keys and buttons that are not ours. The server tells of each press on the display by a raw event (XInput 2),
 * also of those that swarm makes itself: what is seen beyond our own is somebody else's, however soon it came.
 */
import type { XClient } from "x11";

export interface Presses {
  /** How many were somebody else's so far. Exact when everything that was sent has been handled (`sync`). */
  strange(): number;
  /** False: the server tells of none. */
  readonly isWatching: boolean;
  /** When the last may have been, on the clock of `performance`: what was before this connection may have been one. */
  last(): number;
  /** The same of a button over the top-level window `frame` (0: over any), or a key of which `isHarmless` is not true. */
  lastHarmful(isHarmless: (keyCode: number) => boolean, frame: number): number;
  /**
   * Somebody who watched before us tells: swarm made input last at `ownAt`, and anybody else pressed last at `othersAt`. Where
   * there was no other input until this connection, that is how it was.
   */
  told(ownAt: number, othersAt: number): void;
  /** Call with each event that is sent over XTEST, and the key or button that it is of. */
  sent(type: number, code: number): void;
}

/** Of core X, as XTEST takes them: the presses, and the raw event of each. */
const KEY = { sent: 2, seen: "XIRawKeyPress" };
const BUTTON = { sent: 4, seen: "XIRawButtonPress" };

/** The server tells the idle time in whole milliseconds, from two times that it cut off. */
export const ROUNDING_MS = 2;

/**
 * On servers without XInput 2 there is nothing to be seen: none is strange. `lastInputAt` tells when there was any input
 * last, on the clock of `performance`; it is asked when what comes after is seen.
 */
export async function countPresses(
  client: XClient,
  root: number,
  lastInputAt: () => Promise<number>,
): Promise<Presses> {
  /** Sent and not seen yet, by kind and code. */
  const own = new Map<string, number>();
  const lastKeys = new Map<number, number>();
  /** By top-level window under the pointer. */
  const lastButtons = new Map<number, number>();
  /** It is being asked over which window. */
  const unplaced = new Set<number>();
  let strange = 0;
  const isWatching = await new Promise<boolean>((resolve) =>
    client.require("xinput", (error, input) => {
      if (error || !input.xi2) return resolve(false);
      const mask = [KEY.seen, BUTTON.seen].map((name) => name.replace(/^XI/, ""));
      input.XISelectEvents(root, { deviceId: input.AllMasterDevices, mask });
      resolve(true);
    }),
  );
  client.on("event", (event) => {
    if (event.name !== KEY.seen && event.name !== BUTTON.seen) return;
    const code = event["detail"] as number;
    const name = `${event.name} ${code}`;
    const left = own.get(name) ?? 0;
    if (left > 0) {
      own.set(name, left - 1);
      return;
    }
    strange += 1;
    const at = performance.now();
    if (event.name === KEY.seen) {
      lastKeys.set(code, at);
      return;
    }
    unplaced.add(at);
    client.QueryPointer(root, (error, pointer) => {
      if (error) return;
      unplaced.delete(at);
      lastButtons.set(pointer.child, at);
    });
  });
  let before = await lastInputAt();
  return {
    isWatching,
    strange: () => (isWatching ? strange : 0),
    last: () => Math.max(before, ...lastKeys.values(), ...lastButtons.values(), ...unplaced),
    lastHarmful(isHarmless, frame) {
      const keys = [...lastKeys].filter(([code]) => !isHarmless(code)).map(([, at]) => at);
      const buttons = [...lastButtons]
        .filter(([over]) => frame === 0 || over === 0 || over === frame)
        .map(([, at]) => at);
      return Math.max(before, ...keys, ...buttons, ...unplaced);
    },
    told(ownAt, othersAt) {
      if (before <= ownAt + ROUNDING_MS) before = Math.min(before, othersAt);
    },
    sent(type, code) {
      const { seen } = type === KEY.sent ? KEY : BUTTON;
      if (!isWatching || (type !== KEY.sent && type !== BUTTON.sent)) return;
      own.set(`${seen} ${code}`, (own.get(`${seen} ${code}`) ?? 0) + 1);
    },
  };
}
