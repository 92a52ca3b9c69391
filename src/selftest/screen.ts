/** The user's desktop, looked at from outside of swarm's driver: windows, pointer and clipboard, and what disturbs them. */

import { openClipboard } from "../desktop/x11/clipboard.ts";
import { connectX11, type WindowId } from "../desktop/x11/connection.ts";
import { pointerPosition } from "../desktop/x11/guest.ts";
import { startKeeper } from "../desktop/x11/keeper.ts";
import {
  activeWindow,
  hasWindowManager,
  listWindows,
  requestActive,
  requestPosition,
  windowRect,
} from "../desktop/x11/windows.ts";
import type { Point, Rect } from "../domain/agent.ts";

export interface Screen {
  readonly size: { readonly width: number; readonly height: number };
  active(): Promise<WindowId | null>;
  /** Asks the window manager for it, as a program does that wants to be in front. */
  activate(window: WindowId): Promise<void>;
  /** Where the window manager lets it. */
  move(window: WindowId, to: Point): Promise<void>;
  find(title: string): Promise<{ readonly id: WindowId; readonly rect: Rect } | null>;
  pointer(): Promise<Point>;
  clipboard(): Promise<Clipped>;
  /** This process serves what is in the clipboard, and it would go with it. */
  isServing(): boolean;
  /** Takes the clipboard, as another program does in which something is copied. */
  copy(text: string | null): Promise<void>;
  /** The same for good: a small process serves it on, until somebody copies something else. */
  leave(text: string | null): Promise<void>;
  close(): void;
}

export type Clipped =
  /** `isRich`: it has other kinds besides the text. */
  | { readonly kind: "text"; readonly text: string; readonly isRich: boolean }
  | { readonly kind: "empty" }
  /** A picture, or a program that does not answer. */
  | { readonly kind: "other" };

const CONNECT_MS = 5_000;
const READ_MS = 1_000;
const MOVE_MS = 500;
const KEEPER_TRIES = 3;
/** Frames are at most this wide, in pixels. */
const FRAME = 40;
/** It may be changing hands just now. */
const READ_TRIES = 3;

/** The screen, or in a sentence why there is none. */
export async function openScreen(display: string): Promise<Screen | string> {
  const connected = await Promise.race([
    connectX11(display, () => undefined).catch((cause: Error) => cause),
    new Promise<Error>((resolve) => setTimeout(() => resolve(new Error("no answer")), CONNECT_MS).unref()),
  ]);
  if (connected instanceof Error) return `the display ${display} can't be opened (${connected.message})`;
  const x = connected;
  if (!(await hasWindowManager(x))) {
    x.close();
    return `no window manager runs on display ${display}`;
  }
  const clipboard = await openClipboard(x);
  const screen: Screen = {
    size: x.screen,
    active: () => activeWindow(x),
    async activate(window) {
      requestActive(x, window);
      await x.sync();
    },
    async move(window, to) {
      requestPosition(x, window, to);
      const isThere = async () => near(await windowRect(x, window), to);
      for (const end = performance.now() + MOVE_MS; performance.now() < end && !(await isThere()); );
    },
    async find(title) {
      const window = (await listWindows(x)).find((each) => each.title === title);
      return window ? { id: Number(window.id), rect: window.rect } : null;
    },
    pointer: () => pointerPosition(x),
    async clipboard() {
      for (let tries = 0; tries < READ_TRIES; tries++) {
        if ((await clipboard.owner()) === 0) return { kind: "empty" };
        const content = await clipboard.readRich(READ_MS);
        if (content !== null)
          return { kind: "text", text: content.text, isRich: Object.keys(content.flavors).length > 0 };
      }
      return { kind: "other" };
    },
    isServing: () => clipboard.isOwner,
    async copy(text) {
      await clipboard.offer(text === null ? null : { text, flavors: {} });
      await x.sync();
    },
    async leave(text) {
      await screen.copy(text);
      if (text === null) return;
      // On a machine that is very busy it may not come up in its time; until then this process serves the text.
      for (let tries = 0; tries < KEEPER_TRIES && clipboard.isOwner; tries++) {
        await startKeeper(display, text, clipboard.since, new AbortController().signal);
        await x.sync();
      }
    },
    close: () => x.close(),
  };
  return screen;
}

function near(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) <= FRAME && Math.abs(a.y - b.y) <= FRAME;
}
