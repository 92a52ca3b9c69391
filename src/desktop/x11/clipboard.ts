/**
 * The CLIPBOARD selection, owned over our own X connection: no process per step, every request for the text is seen and
 * whose it is, and so is the moment in which another program takes the clipboard.
 */
import x11, { type XEvent } from "x11";
import type { Content } from "../../ports/desktop.ts";
import type { WindowId, XConnection } from "./connection.ts";

export interface ClipboardRequest {
  readonly requestor: WindowId;
  /** The text itself was asked for and given, not only what kinds there are. */
  readonly isText: boolean;
}

export interface X11Clipboard {
  /** Offers this from now on (null: nothing that could be pasted), and owns the clipboard. */
  offer(content: Content | null): Promise<void>;
  readonly isOwner: boolean;
  /** How often other programs have taken the clipboard. */
  readonly takes: number;
  /** The window that owns the clipboard now, 0 for none. */
  owner(): Promise<WindowId>;
  /** The text in the clipboard, or null: empty, not text, or no answer within `timeoutMs`. */
  read(timeoutMs: number): Promise<string | null>;
  /** True when the owner answers that it has no text at all: what was copied is empty, or a picture. */
  isTextless(timeoutMs: number): Promise<boolean>;
  /** The text with every other kind that the owner offers, up to `RICH_BYTES` each; kinds that do not come are left out. */
  readRich(timeoutMs: number): Promise<Content | null>;
  onRequest(listener: (request: ClipboardRequest) => void): () => void;
  /** Another program took the clipboard, from whomever, itself included. */
  onTaken(listener: (owner: WindowId) => void): () => void;
}

const TEXT_KINDS = ["UTF8_STRING", "text/plain;charset=utf-8", "TEXT", "STRING", "text/plain"] as const;
/** XFIXES: tell of every program that takes the selection. */
const SET_OWNER = 1;
const PROPERTY_NOTIFY_MASK = x11.eventMask["PropertyChange"] ?? 0;
/** Above this many bytes a transfer goes in pieces, as ICCCM asks; below the smallest request limit of X servers. */
const PIECE_BYTES = 65_536;
const MAX_WORDS = 1 << 24;
/** A kind larger than this is not kept with a draft. */
const RICH_BYTES = 1 << 20;

export async function openClipboard(x: XConnection): Promise<X11Clipboard> {
  const window = x.client.AllocID();
  x.client.CreateWindow(window, x.root, -10, -10, 1, 1, 0, 0, 0, 0, { eventMask: PROPERTY_NOTIFY_MASK });
  const selection = x.atom("CLIPBOARD");
  x.fixes.SelectSelectionInput(x.root, selection, SET_OWNER);
  const requestListeners = new Set<(request: ClipboardRequest) => void>();
  const takenListeners = new Set<(owner: WindowId) => void>();
  const textKinds = new Set(TEXT_KINDS.map((kind) => x.atom(kind)));
  let offered: ReadonlyMap<number, Buffer> | null = null;
  let isOwner = false;
  let takes = 0;
  let ownedSince = 0;

  const answer = (event: XEvent) => {
    const requestor = event["requestor"] as number;
    const target = event["target"] as number;
    const property = (event["property"] as number) || target;
    const data = offered?.get(target);
    let given = property;
    if (target === x.atom("TARGETS")) {
      const kinds = [
        x.atom("TARGETS"),
        x.atom("TIMESTAMP"),
        ...(offered?.keys() ?? [x.atom("SWARM_NOTHING")]),
      ];
      x.client.ChangeProperty(0, requestor, property, ATOM, 32, words(kinds));
    } else if (target === x.atom("TIMESTAMP")) {
      x.client.ChangeProperty(0, requestor, property, INTEGER, 32, words([ownedSince]));
    } else if (data) {
      const type = target === x.atom("TEXT") ? x.atom("UTF8_STRING") : target;
      if (data.length <= PIECE_BYTES) x.client.ChangeProperty(0, requestor, property, type, 8, data);
      else sendInPieces(x, requestor, property, type, data);
    } else {
      given = 0;
    }
    notify(x, event, given);
    for (const listener of [...requestListeners]) listener({ requestor, isText: data !== undefined });
  };

  x.onEvent((event) => {
    if (event["selection"] !== selection) return;
    if (event.name === "SelectionRequest" && event["owner"] === window) answer(event);
    // Of XFIXES: who took it, ourselves included, in the order in which it happened. Nothing else may say whose it is: an
    // answer that is looked at after a later event would.
    if (event.name === "SelectionNotify" && "selectionTimestamp" in event) {
      isOwner = event["owner"] === window;
      if (isOwner) return;
      takes += 1;
      for (const listener of [...takenListeners]) listener(event["owner"] as number);
    }
  });

  const clipboard: X11Clipboard = {
    get isOwner() {
      return isOwner;
    },
    get takes() {
      return takes;
    },
    async offer(content) {
      offered = content === null ? null : await kindsOf(x, content);
      if (isOwner) return;
      ownedSince = await serverTime(x, window);
      x.client.SetSelectionOwner(window, selection, ownedSince);
      await x.sync();
    },
    owner: () => x.ask<number>((r) => x.client.GetSelectionOwner(selection, r)),
    async read(timeoutMs) {
      const data = await readSelection(x, window, selection, x.atom("UTF8_STRING"), timeoutMs);
      return data === null ? null : data.toString("utf8");
    },
    async isTextless(timeoutMs) {
      const targets = await readSelection(x, window, selection, x.atom("TARGETS"), timeoutMs);
      return targets !== null && !wordsIn(targets).some((kind) => textKinds.has(kind));
    },
    async readRich(timeoutMs) {
      const text = await clipboard.read(timeoutMs);
      if (text === null) return null;
      const targets = await readSelection(x, window, selection, x.atom("TARGETS"), timeoutMs);
      const flavors: Record<string, string> = {};
      for (const kind of wordsIn(targets ?? Buffer.alloc(0))) {
        const name = await x.ask<string>((r) => x.client.GetAtomName(kind, r));
        if (!/^(text\/html|chromium\/|application\/)/.test(name)) continue;
        const data = await readSelection(x, window, selection, kind, timeoutMs);
        if (data !== null && data.length <= RICH_BYTES) flavors[name] = data.toString("base64");
      }
      return { text, flavors };
    },
    onRequest: (listener) => subscribe(requestListeners, listener),
    onTaken: (listener) => subscribe(takenListeners, listener),
  };
  return clipboard;
}

const ATOM = 4;
const INTEGER = 19;

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function words(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) buffer.writeUInt32LE(value >>> 0, i * 4);
  return buffer;
}

interface Request {
  readonly [field: string]: unknown;
}

function notify(x: XConnection, request: Request, property: number): void {
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
function sendInPieces(
  x: XConnection,
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
function serverTime(x: XConnection, window: WindowId): Promise<number> {
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

function wordsIn(data: Buffer): readonly number[] {
  return Array.from({ length: Math.floor(data.length / 4) }, (_, i) => data.readUInt32LE(i * 4));
}

async function kindsOf(x: XConnection, content: Content): Promise<ReadonlyMap<number, Buffer>> {
  const text = Buffer.from(content.text, "utf8");
  const kinds = new Map<number, Buffer>(TEXT_KINDS.map((kind) => [x.atom(kind), text]));
  for (const [name, base64] of Object.entries(content.flavors)) {
    const atom = await x.ask<number>((r) => x.client.InternAtom(false, name, r));
    kinds.set(atom, Buffer.from(base64, "base64"));
  }
  return kinds;
}

function readSelection(
  x: XConnection,
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

/**
 * Answers requests that an owner of the clipboard left open when it died: "nothing there". Chromium waits for such an
 * answer for ever, with all its windows frozen. A program that waits for nothing passes the event by. It waits for the very
 * kind that it asked for, which can be any that the owner offered.
 */
export async function answerOrphanedRequests(x: XConnection, requestors: Iterable<WindowId>): Promise<void> {
  const kinds = [x.atom("TARGETS"), x.atom("TIMESTAMP"), ...(await kindAtoms(x))];
  for (const requestor of requestors) {
    for (const target of kinds) {
      notify(x, { time: 0, requestor, selection: x.atom("CLIPBOARD"), target }, 0);
    }
  }
}

const ATOM_BATCH = 256;
const MOST_ATOMS = 1 << 16;

/** All atoms of this server that can name a kind of text: they are numbered from 1 without a gap. */
async function kindAtoms(x: XConnection): Promise<readonly number[]> {
  const found: number[] = [];
  for (let first = 1; first < MOST_ATOMS; first += ATOM_BATCH) {
    const atoms = Array.from({ length: ATOM_BATCH }, (_, i) => first + i);
    const names = await Promise.all(
      atoms.map((atom) => x.ask<string>((r) => x.client.GetAtomName(atom, r)).catch(() => null)),
    );
    found.push(...atoms.filter((_, i) => KIND_NAME.test(names[i] ?? "")));
    if (names.at(-1) === null) break;
  }
  return found;
}

const KIND_NAME = /^(?:UTF8_STRING|STRING|TEXT|COMPOUND_TEXT|(?:text|chromium|application|image)\/.+)$/;
