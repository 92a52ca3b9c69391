/** Two small windows on the user's desktop, what was there before they came, and how it is put back. */
import type { WindowId } from "../desktop/x11/connection.ts";
import { type Browser, type Place, startBrowser } from "./browser.ts";
import { INPUT_POINT } from "./page.ts";
import { type PageServer, servePages } from "./page-server.ts";
import type { Clipped, Screen } from "./screen.ts";
import type { Stand } from "./stand.ts";
import { NotReady, ready, within } from "./until.ts";

export const AGENT = "Window";
export const OTHER = "Thief";
const PAGES = {
  [AGENT]: {
    title: "swarm selftest: the agent",
    role: "swarm types messages into this window, and the window notes what arrives.",
  },
  [OTHER]: {
    title: "swarm selftest: the thief",
    role: "This window takes the focus away while swarm types into the other one, and notes what falls into it.",
  },
} as const;

export const WINDOW_AGENTS: Readonly<Record<string, object>> = {
  [AGENT]: {
    transport: "desktop",
    profile: "chat",
    window: { title: PAGES[AGENT].title },
    input: INPUT_POINT,
  },
};

export interface WindowScene {
  readonly stand: Stand;
  readonly pages: PageServer;
  readonly screen: Screen;
  /** The window that takes the focus away. */
  readonly other: WindowId;
  /** What the user's clipboard held. */
  readonly clipboard: Clipped;
  /** Puts the window that was active before in front, or the other one where none was. */
  toFront(): Promise<WindowId>;
  /** True for the selftest's own windows. */
  isOwnWindow(window: WindowId | null): boolean;
  /** True where a point lies in the agent's window. */
  isInWindow(point: { readonly x: number; readonly y: number }): boolean;
  /** Ends the windows; the clipboard and the active window are as they were. */
  close(): Promise<void>;
}

const OPENS_MS = 20_000;
const ACTIVE_MS = 1_000;
const SIZE = { width: 340, height: 260 };
/** From the screen's edges and from each other: room for frames and panels. */
const GAP = 60;

export interface SceneOptions {
  readonly screen: Screen;
  readonly clipboard: Clipped;
  readonly browser: string;
  readonly display: string;
}

/** Throws NotReady where the windows do not come. */
export async function openScene(stand: Stand, options: SceneOptions): Promise<WindowScene> {
  const { screen, clipboard } = options;
  const activeBefore = await screen.active();
  const pages = await servePages(PAGES, stand.signal);
  const browser = startBrowser(stand, options.browser, options.display);
  const windows = new Map<string, Opened>();
  const close = async () => {
    // It gives the clipboard away first.
    await stand.endWorker();
    await stand.putBack();
    browser.stop();
    pages.stop();
    await giveClipboardBack(stand, screen, clipboard);
    if (activeBefore !== null) await bringBack(screen, activeBefore);
  };
  try {
    for (const [i, name] of ([OTHER, AGENT] as const).entries())
      windows.set(name, await open(stand, { screen, pages, browser }, name, placeOf(screen, i)));
  } catch (cause) {
    await close();
    throw cause;
  }
  const agent = windows.get(AGENT);
  const other = windows.get(OTHER)?.id ?? 0;
  return {
    ...{ stand, pages, screen, other, clipboard, close },
    async toFront() {
      const front = activeBefore ?? other;
      await bringBack(screen, front);
      return front;
    },
    isOwnWindow: (window) => [...windows.values()].some(({ id }) => id === window),
    isInWindow({ x, y }) {
      if (!agent) return false;
      const { rect } = agent;
      return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
    },
  };
}

type Opened = NonNullable<Awaited<ReturnType<Screen["find"]>>>;

async function open(
  { signal }: Stand,
  parts: { readonly screen: Screen; readonly pages: PageServer; readonly browser: Browser },
  name: keyof typeof PAGES,
  place: Place,
): Promise<Opened> {
  const { screen, pages, browser } = parts;
  browser.open(pages.address(name), place);
  const opened = await ready(`the browser's window ${name}`, OPENS_MS, signal, async () => {
    if (browser.hasEnded()) throw new NotReady("the browser ended by itself");
    const isPainted = pages.told().some((told) => told.page === name && told.what === "painted");
    return isPainted ? await screen.find(PAGES[name].title) : null;
  });
  // A browser that runs puts another window where its last one is.
  await screen.move(opened.id, place);
  return (await screen.find(PAGES[name].title)) ?? opened;
}

/** At the bottom right, one beside the other. */
function placeOf({ size }: Screen, index: number): Place {
  const x = Math.max(0, size.width - (index + 1) * (SIZE.width + GAP));
  return { ...SIZE, x, y: Math.max(0, size.height - SIZE.height - 2 * GAP) };
}

/** It may have been closed meanwhile: then the window manager chooses. */
async function bringBack(screen: Screen, window: WindowId): Promise<void> {
  const never = new AbortController().signal;
  if ((await screen.active()) === window) return;
  await screen.activate(window);
  await within(ACTIVE_MS, never, async () => (await screen.active()) === window);
}

/** What a person has copied meanwhile stays. */
async function giveClipboardBack(stand: Stand, screen: Screen, before: Clipped): Promise<void> {
  const now = await screen.clipboard();
  if (now.kind === "text" && !stand.isOwn(now.text) && !screen.isServing()) return;
  if (now.kind !== "text" && before.kind !== "text") return;
  await screen.leave(before.kind === "text" ? before.text : null);
}
