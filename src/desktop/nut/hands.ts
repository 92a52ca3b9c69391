/** The desktop of macOS or Windows, as the port wants it: windows, guarded input, the composer, and everything put back. */
import { type InputPoint, isInside, type Point, screenPoint } from "../../domain/agent.ts";
import type { DesktopWindow, Guarded, GuestState, Hands, Refusal } from "../../ports/desktop.ts";
import { handsOff, refuse } from "../refusals.ts";
import { type Aim, aimAt, windowGone } from "./aim.ts";
import { nutClipboard } from "./clipboard.ts";
import { NutComposer } from "./composer.ts";
import { rememberGuest, restoreClipboard, restorePlaces } from "./guest.ts";
import type { IdleWatch } from "./idle.ts";
import { placeInView } from "./in-view.ts";
import { hearLateCopy } from "./late-copy.ts";
import type { NutWindow, NutWindowId } from "./nut-calls.ts";
import type { NutDesk, Permission } from "./nut-desk.ts";
import { reach } from "./pointer.ts";

export interface HandsDeps {
  /** The lock: forbids input once it is lost. */
  readonly lockRefusal: () => Refusal | null;
  /** Keeps what was found on disk until it is put back, and by their hashes the texts that swarm puts in the clipboard. */
  readonly keepGuest: (state: GuestState, own: readonly string[]) => void;
  readonly forgetGuest: () => void;
  /** It was not put back: that is for whoever holds the desktop next. */
  readonly abandonGuest: () => void;
  readonly newSentinel: () => string;
  readonly release: () => Promise<void>;
}

type Aimed = Aim & { readonly input: InputPoint };

/** Windows puts minimised windows there. */
const MINIMISED_AT = -32_000;

export function nutHands(desk: NutDesk, idle: IdleWatch, deps: HandsDeps): Hands {
  const { calls } = desk;
  const permission: Permission = { refusal: deps.lockRefusal, acted: () => idle.acted() };
  let guest: GuestState | null = null;
  const clipboard = nutClipboard(desk, (own) => guest && deps.keepGuest(guest, own));
  const composer = new NutComposer(desk, clipboard, deps.newSentinel);
  const windows = new Set<NutWindowId>();
  const movedFrom = new Map<NutWindowId, Point>();
  let leftPointerAt: Point | null = null;
  let aim: Aimed | null = null;

  const aimed = async <T extends object>(use: (at: Aimed) => Promise<Guarded<T>>): Promise<Guarded<T>> =>
    aim ? use(aim) : refuse("internal", "nothing was aimed at", "please report this");

  return {
    humanIdleMs: () => idle.humanIdleMs(),
    untouchedMs: () => idle.untouchedMs(),
    // Which keys it were can't be told here.
    submitIdleMs: () => idle.untouchedMs(),
    editIdleMs: () => idle.untouchedMs(),
    async windows() {
      const active = await calls.activeWindow();
      return (await calls.windows())
        .filter(({ title }) => title !== "")
        .map((each) => described(each, active));
    },
    async layout() {
      const { width, height } = await calls.screenSize();
      return { screens: [{ x: 0, y: 0, width, height }], isWhole: false };
    },
    async image() {
      const { width, height } = await calls.screenSize();
      return { area: { x: 0, y: 0, width, height }, ...(await calls.screenImage()) };
    },
    pointer: () => calls.pointer(),
    async windowsAt(points) {
      const active = await calls.activeWindow();
      const windows = await calls.windows();
      return points.map((point) => {
        const seen = windows.find(({ title, rect }) => title !== "" && isInside(point, rect));
        return seen ? described(seen, active) : null;
      });
    },
    async remember() {
      guest = await rememberGuest(desk, clipboard);
      deps.keepGuest(guest, []);
      return guest;
    },
    async aim(windowId, title, input, deadlineMs) {
      aim = null;
      const window = Number(windowId);
      windows.add(window);
      const result = await aimAt(desk, window, title, permission, deadlineMs);
      if (!result.ok) return result;
      const placed = await placeInView(desk, window, title, input);
      permission.acted();
      if (!placed.ok) return placed;
      if (placed.movedFrom && !movedFrom.has(window)) movedFrom.set(window, placed.movedFrom);
      leftPointerAt = placed.point;
      aim = { ...result.aim, input };
      return { ok: true, point: placed.point, rect: placed.rect };
    },
    click: () =>
      aimed(async (at) => {
        const rect = (await calls.window(at.window))?.rect;
        if (!rect) return windowGone(at.title);
        const point = desk.clicks.near(screenPoint(at.input, rect), rect);
        leftPointerAt = point;
        const clicked = await at.guarded(() => clickAt(desk, point));
        if (!clicked.ok) return clicked;
        desk.clicks.clicked(point);
        return { ok: true, point };
      }),
    press: (chords) => aimed((at) => composer.press(at, chords)),
    look: (keys, patienceMs) => aimed((at) => composer.look(at, keys, patienceMs)),
    pasteAndLook: (content, keys, patienceMs) =>
      aimed((at) => composer.pasteAndLook(at, content, keys, patienceMs)),
    // Nobody tells here when a program takes the clipboard.
    lateAnswers: () => Promise.resolve([]),
    copiedByOthers: () => Promise.resolve({ texts: [], isMissing: false, beforeKill: [] }),
    async restore(state) {
      aim = null;
      guest = null;
      if (deps.lockRefusal() !== null) return deps.abandonGuest();
      const openSince = composer.openCopy.since;
      // A person who did something since may have copied something.
      const isOurs = openSince !== null && (await idle.humanIdleMs()) >= desk.clock.monotonic() - openSince;
      if (isOurs) await hearLateCopy(desk.clock, clipboard);
      await restoreClipboard(clipboard, state);
      await restorePlaces(desk, state, { windows, movedFrom, leftPointerAt });
      idle.acted();
      deps.forgetGuest();
    },
    release: () => deps.release(),
  };
}

async function clickAt(desk: NutDesk, point: Point): Promise<Refusal | null> {
  if (await reach(desk, point)) {
    await desk.calls.click();
    return null;
  }
  return handsOff(
    "human_active",
    "somebody moves the pointer while a click was to be made",
    "the message is tried again by itself once the hand is off",
  );
}

function described({ id, title, rect }: NutWindow, active: NutWindowId | null): DesktopWindow {
  return {
    id: String(id),
    title,
    // nut-js tells neither whose a window is nor what kind.
    pid: null,
    rect,
    isActive: id === active,
    isMinimised: rect.x <= MINIMISED_AT && rect.y <= MINIMISED_AT,
    isDialog: false,
  };
}
