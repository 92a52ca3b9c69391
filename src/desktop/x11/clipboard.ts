/**
 * The CLIPBOARD selection, owned over our own X connection: no process per step, every request for the text is seen and
 * whose it is, and so is the moment in which another program takes the clipboard.
 */
import type { XEvent } from "x11";
import type { Content } from "../../ports/desktop.ts";
import type { DisplayConnection, WindowId } from "./display-connection.ts";
import {
  ATOM,
  INTEGER,
  notify,
  PIECE_BYTES,
  PROPERTY_NOTIFY_MASK,
  readSelection,
  sendInPieces,
  serverTime,
  words,
  wordsIn,
} from "./transfer.ts";

export interface ClipboardRequest {
  readonly requestor: WindowId;
  /** The text itself was asked for and given, not only what kinds there are. */
  readonly isText: boolean;
}

export interface X11Clipboard {
  /**
   * Offers this from now on (null: nothing that could be pasted), and owns the clipboard; what `keepOthers` is to keep was
   * read before. A program that takes it again and again at that moment has it in the end. False: `isStill` was no longer
   * true, and nothing was offered.
   */
  offer(content: Content | null, isStill?: () => boolean): Promise<boolean>;
  /**
   * Takes it over from a program that had taken it at `since`, as if at that time: where anybody has copied anything after
   * it, however close, the server refuses (ICCCM 2.1). False then.
   */
  takeOver(content: Content, since: number): Promise<boolean>;
  readonly isOwner: boolean;
  /** The server's time at which we have last taken it; 0 for never. */
  readonly since: number;
  /** How often other programs have taken the clipboard. */
  readonly takes: number;
  /** How often the program that this window belongs to has. */
  takesOf(window: WindowId): number;
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
  /** Who took it last is neither this process nor a program of which `isKnown` is true. */
  isTakenByOthers(isKnown: (owner: WindowId) => boolean): boolean;
  /**
   * From now on `keep` is told each text that a program puts there of which `isKnown` is not true; null: it was gone
   * before it could be read.
   */
  keepOthers(isKnown: (owner: WindowId) => boolean, keep: (text: string | null) => void): () => void;
}

const TEXT_KINDS = ["UTF8_STRING", "text/plain;charset=utf-8", "TEXT", "STRING", "text/plain"] as const;
/** XFIXES: tell of every program that takes the selection. */
const SET_OWNER = 1;
/** A kind larger than this is not kept with a draft. */
const RICH_BYTES = 1 << 20;
const TAKE_TRIES = 5;
/** A text that somebody has just put there is given this time to come, in milliseconds. */
const OTHERS_MS = 1_000;

export async function openClipboard(x: DisplayConnection): Promise<X11Clipboard> {
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
  let lastTaker: WindowId = 0;
  /** Takings by others whose text is being read. */
  let unread = 0;
  const waiting: (() => void)[] = [];
  const othersRead = (): Promise<void> =>
    unread === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
  /** One reading at a time: they share a property. */
  let reading: Promise<unknown> = Promise.resolve();
  const readKind = (target: number, timeoutMs: number): Promise<Buffer | null> => {
    const read = reading.then(() => readSelection(x, window, selection, target, timeoutMs));
    reading = read;
    return read;
  };

  const takesByClient = new Map<WindowId, number>();
  const countTake = (owner: WindowId) =>
    takesByClient.set(x.clientOf(owner), (takesByClient.get(x.clientOf(owner)) ?? 0) + 1);
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
      lastTaker = event["owner"] as number;
      countTake(lastTaker);
      for (const listener of [...takenListeners]) listener(event["owner"] as number);
    }
  });

  const clipboard: X11Clipboard = {
    get isOwner() {
      return isOwner;
    },
    get since() {
      return ownedSince;
    },
    get takes() {
      return takes;
    },
    takesOf: (owner) => takesByClient.get(x.clientOf(owner)) ?? 0,
    async offer(content, isStill = () => true) {
      const kinds = content === null ? null : await kindsOf(x, content);
      for (let tries = 1; ; tries++) {
        const since = await serverTime(x, window);
        await othersRead();
        // Nobody can put anything there between the look for what is unread and the taking.
        x.client.GrabServer();
        try {
          await x.sync();
          if (!isStill()) return false;
          if (unread > 0 && tries < TAKE_TRIES) continue;
          ownedSince = since;
          offered = kinds;
          x.client.SetSelectionOwner(window, selection, since);
          return true;
        } finally {
          x.client.UngrabServer();
          await x.sync();
        }
      }
    },
    async takeOver(content, since) {
      offered = await kindsOf(x, content);
      ownedSince = since;
      x.client.SetSelectionOwner(window, selection, since);
      return (await clipboard.owner()) === window;
    },
    owner: () => x.ask<number>((r) => x.client.GetSelectionOwner(selection, r)),
    async read(timeoutMs) {
      const data = await readKind(x.atom("UTF8_STRING"), timeoutMs);
      return data === null ? null : data.toString("utf8");
    },
    async isTextless(timeoutMs) {
      const targets = await readKind(x.atom("TARGETS"), timeoutMs);
      return targets !== null && !wordsIn(targets).some((kind) => textKinds.has(kind));
    },
    async readRich(timeoutMs) {
      const text = await clipboard.read(timeoutMs);
      if (text === null) return null;
      const targets = await readKind(x.atom("TARGETS"), timeoutMs);
      const flavors: Record<string, string> = {};
      for (const kind of wordsIn(targets ?? Buffer.alloc(0))) {
        const name = await x.ask<string>((r) => x.client.GetAtomName(kind, r));
        if (!/^(text\/html|chromium\/|application\/)/.test(name)) continue;
        const data = await readKind(kind, timeoutMs);
        if (data !== null && data.length <= RICH_BYTES) flavors[name] = data.toString("base64");
      }
      return { text, flavors };
    },
    onRequest: (listener) => subscribe(requestListeners, listener),
    onTaken: (listener) => subscribe(takenListeners, listener),
    isTakenByOthers: (isKnown) => !isOwner && lastTaker !== 0 && !isKnown(lastTaker),
    keepOthers: (isKnown, keep) =>
      subscribe(takenListeners, (owner) => {
        if (owner === 0 || isKnown(owner)) return;
        unread += 1;
        void clipboard.read(OTHERS_MS).then((text) => {
          // It may be the text of whoever came after.
          keep(lastTaker === owner || !isKnown(lastTaker) ? text : null);
          unread -= 1;
          if (unread === 0) for (const wake of waiting.splice(0)) wake();
        });
      }),
  };
  return clipboard;
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function kindsOf(x: DisplayConnection, content: Content): Promise<ReadonlyMap<number, Buffer>> {
  const text = Buffer.from(content.text, "utf8");
  const kinds = new Map<number, Buffer>(TEXT_KINDS.map((kind) => [x.atom(kind), text]));
  for (const [name, base64] of Object.entries(content.flavors)) {
    const atom = await x.ask<number>((r) => x.client.InternAtom(false, name, r));
    kinds.set(atom, Buffer.from(base64, "base64"));
  }
  return kinds;
}
