/** Selections as they travel between programs: requests, answers, and answers in pieces (ICCCM 2.2 to 2.7). */
import x11 from "x11";
import type { DisplayConnection, WindowId } from "./display-connection.ts";

export const ATOM = 4;
export const INTEGER = 19;
export const PROPERTY_NOTIFY_MASK = x11.eventMask["PropertyChange"] ?? 0;
/** Above this many bytes a transfer goes in pieces; below the smallest request limit of X servers. */
export const PIECE_BYTES = 65_536;
const MAX_WORDS = 1 << 24;

export function words(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) buffer.writeUInt32LE(value >>> 0, i * 4);
  return buffer;
}

export interface Request {
  readonly [field: string]: unknown;
}

/** Tells a requestor where its answer lies; property 0: there is none. */
export function notify(x: DisplayConnection, request: Request, property: number): void {
  const event = Buffer.alloc(32);
  event.writeUInt8(31, 0);
  event.writeUInt32LE(request["time"] as number, 4);
  event.writeUInt32LE(request["requestor"] as number, 8);
  event.writeUInt32LE(request["selection"] as number, 12);
  event.writeUInt32LE(request["target"] as number, 16);
  event.writeUInt32LE(property, 20);
  x.client.SendEvent(request["requestor"] as number, false, 0, event);
}

/** ICCCM INCR: the requestor deletes the property each time it is ready for the next piece; an empty one ends it. */
export function sendInPieces(
  x: DisplayConnection,
  requestor: WindowId,
  property: number,
  type: number,
  data: Buffer,
): void {
  let offset = 0;
  x.client.ChangeWindowAttributes(requestor, { eventMask: PROPERTY_NOTIFY_MASK });
  const stop = x.onEvent((event) => {
    const isDeleted = event.name === "PropertyNotify" && event["state"] === 1;
    if (!isDeleted || event["wid"] !== requestor || event["atom"] !== property) return;
    const piece = data.subarray(offset, offset + PIECE_BYTES);
    x.client.ChangeProperty(0, requestor, property, type, 8, piece);
    offset += piece.length;
    if (piece.length === 0) stop();
  });
  x.client.ChangeProperty(0, requestor, property, x.atom("INCR"), 32, words([data.length]));
}

/** The server's time, as ICCCM wants it for taking a selection: from a change of a property of ours. */
export function serverTime(x: DisplayConnection, window: WindowId): Promise<number> {
  return new Promise((resolve) => {
    const property = x.atom("SWARM_TIME");
    const stop = x.onEvent((event) => {
      if (event.name !== "PropertyNotify" || event["wid"] !== window || event["atom"] !== property) return;
      stop();
      resolve(event["time"] as number);
    });
    x.client.ChangeProperty(0, window, property, INTEGER, 32, words([0]));
    void x.sync().catch(() => undefined);
  });
}

export function wordsIn(data: Buffer): readonly number[] {
  return Array.from({ length: Math.floor(data.length / 4) }, (_, i) => data.readUInt32LE(i * 4));
}

/** What the owner of the selection answers for one kind; null: it has none, or did not answer within `timeoutMs`. */
export function readSelection(
  x: DisplayConnection,
  window: WindowId,
  selection: number,
  target: number,
  timeoutMs: number,
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const property = x.atom("SWARM_TRANSFER");
    const pieces: Buffer[] = [];
    let hasAnswered = false;
    let isIncremental = false;
    let taken: Promise<void> = Promise.resolve();
    const finish = (data: Buffer | null) => {
      clearTimeout(timer);
      stop();
      resolve(data);
    };
    const timer = setTimeout(() => finish(null), timeoutMs);
    const take = async () => {
      const { type, data } = await x.ask<{ type: number; data: Buffer }>((r) =>
        x.client.GetProperty(1, window, property, 0, 0, MAX_WORDS, r),
      );
      if (!isIncremental && type === x.atom("INCR")) isIncremental = true;
      else if (isIncremental && data.length > 0) pieces.push(data);
      else finish(Buffer.concat([...pieces, data]));
    };
    // One after the other: the next piece may be announced before the answer to the question for this one is looked at.
    const takeNext = () => {
      taken = taken.then(take).catch(() => finish(null));
    };
    const stop = x.onEvent((event) => {
      if (event.name === "SelectionNotify" && event["requestor"] === window) {
        if (event["target"] !== target) return;
        if (event["property"] === 0) return finish(null);
        hasAnswered = true;
        takeNext();
      } else if (hasAnswered && event.name === "PropertyNotify" && event["wid"] === window) {
        if (event["atom"] === property && event["state"] === 0) takeNext();
      }
    });
    x.client.DeleteProperty(window, property);
    x.client.ConvertSelection(window, selection, target, property, 0);
    void x.sync().catch(() => finish(null));
  });
}
