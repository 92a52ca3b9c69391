/** The desktop of one X display, as the port wants it: windows, guarded input, the composer, and everything put back. */
import { type InputPoint, type Point, type Rect, screenPoint } from "../../domain/agent.ts";
import type { DesktopWindow, Guarded, GuestState, Hands, Refusal } from "../../ports/desktop.ts";
import type { ClickPlaces } from "../click-places.ts";
import { refuse } from "../refusals.ts";
import { type Aim, aimAt, type Permission } from "./aim.ts";
import type { X11Clipboard } from "./clipboard.ts";
import { composerReader } from "./composer.ts";
import type { WindowId, XConnection } from "./connection.ts";
import { type Disturbance, pointerPosition, rememberGuest, restorePlaces } from "./guest.ts";
import type { IdleWatch } from "./idle.ts";
import { rootImage } from "./image.ts";
import { intoView } from "./in-view.ts";
import type { Keyboard } from "./keyboard.ts";
import { forgetAnswered, hearLateAnswer, hearLateTexts } from "./late-answer.ts";
import { screenLayout } from "./layout.ts";
import { type Copies, isAnyOpen } from "./open-copies.ts";
import { ownContent, type PersonsClipboard, restoreClipboard } from "./persons-clipboard.ts";
import { listWindows, topLevelOf, windowRect, windowsAt } from "./windows.ts";

export interface X11Desk {
  readonly displayName: string;
  readonly x: XConnection;
  readonly clipboard: X11Clipboard;
  readonly keyboard: Keyboard;
  readonly idle: IdleWatch;
  readonly clicks: ClickPlaces;
  /** What the person's clipboard held when it was last put back by us and is still served by us, or null. */
  served: string | null;
  readonly copies: Copies;
  /** What the person's clipboard held when swarm last read it or put it back; null: others have been there since. */
  persons: PersonsClipboard | null;
  /** Clients of the windows that swarm typed into: one that stood still may answer a copy at any time. */
  readonly typedInto: Set<WindowId>;
  /** What others had copied while a driver typed that was killed: a paste of its last one may have been of that. */
  beforeKill: readonly string[];
}

export interface HandsDeps {
  /** The lock: forbids input once it is lost. */
  readonly lockRefusal: () => Refusal | null;
  /**
   * Keeps what was found on disk until it is put back, so that a crash loses nothing. `isSettled`: only the clipboard's
   * text is not in other hands yet.
   */
  readonly keepGuest: (state: GuestState, others: readonly string[], isSettled?: boolean) => void;
  readonly forgetGuest: () => void;
  /** It was not put back: that is for whoever holds the desktop next. */
  readonly abandonGuest: () => void;
  /** Input events of ours were made until now. */
  readonly acted: () => void;
  /** Gives the text to a program that outlives this process, now or soon, and forgets the guest then. */
  readonly handOver: (text: string) => void;
  readonly release: () => Promise<void>;
}

/** A window that lies over the point may go away: so long it is waited for. In milliseconds. */
const COVERED_MS = 1_000;
/** The newest texts of others that a crash does not lose. */
const KEPT_OTHERS = 10;

export function x11Hands(desk: X11Desk, deps: HandsDeps): Hands {
  const { x, clipboard, keyboard, idle } = desk;
  const composer = composerReader(x, clipboard, keyboard, desk.copies);
  const acted = () => {
    idle.acted();
    deps.acted();
  };
  const permission: Permission = { refusal: deps.lockRefusal, acted };
  const disturbances: Disturbance[] = [];
  let aim: Aim | null = null;
  let input: InputPoint = { x: 0, y: 0, from: "top-left" };
  let leftPointerAt: Point | null = null;
  /** What was found; the text is the newest that anybody but us or the target has put there since. */
  let found: GuestState | null = null;
  let stopKeeping: () => void = () => undefined;
  let target: WindowId = 0;
  const late: string[] = [];
  /** No copy was open when the attempt began: what is answered late is this target's. */
  let isLateSure = true;
  const others: string[] = [];
  let isOneMissing = false;
  const keptOthers = () => [...desk.beforeKill, ...others].slice(-KEPT_OTHERS);

  const aimed = async <T extends object>(use: (aim: Aim) => Promise<Guarded<T>>): Promise<Guarded<T>> =>
    aim ? use(aim) : refuse("internal", "nothing was aimed at", "please report this");

  const untouchedMs = async () => {
    await x.sync();
    const pressIdleMs = performance.now() - x.presses.last();
    if (x.presses.isWatching) return pressIdleMs;
    return x.screenSaver ? Math.min(await idle.humanIdleMs(), pressIdleMs) : 0;
  };

  /** Since the last key that is not harmless, or a button over that window. */
  const harmlessMs = async (windowId: string, isHarmless: (code: number) => boolean) => {
    if (!x.presses.isWatching) return untouchedMs();
    const frame = await topLevelOf(x, Number(windowId)).catch(() => 0);
    await x.sync();
    return performance.now() - x.presses.lastHarmful(isHarmless, frame);
  };

  const disturb = (change: Disturbance) => {
    if (!disturbances.some((known) => known.window === change.window)) disturbances.push(change);
  };

  return {
    humanIdleMs: () => idle.humanIdleMs(),
    untouchedMs,
    submitIdleMs: (windowId) => harmlessMs(windowId, keyboard.onlyWrites),
    editIdleMs: (windowId) => harmlessMs(windowId, keyboard.onlyAdds),
    windows: () => listWindows(x),
    layout: () => screenLayout(x),
    image: () => rootImage(x),
    pointer: () => pointerPosition(x),
    windowsAt: (points) => windowsAt(x, points),
    async remember() {
      desk.copies.by = 0;
      forgetAnswered(desk);
      isLateSure = !isAnyOpen(desk.copies);
      const state = await rememberGuest(x, clipboard, await ownContent(desk));
      deps.keepGuest(state, desk.beforeKill);
      found = state;
      desk.persons = { text: state.clipboardText, at: performance.now() };
      stopKeeping();
      late.length = 0;
      others.length = 0;
      isOneMissing = false;
      const stopHearing = hearLateTexts(desk, () => target, late);
      const windows = (await x.numbers(x.root, "_NET_CLIENT_LIST")) ?? [];
      target = 0;
      // Before the aim, a program with windows may still answer the copy of a driver that was killed.
      const stopOthers = clipboard.keepOthers(
        (owner) => (target === 0 ? windows : [target]).some((window) => x.isSameClient(owner, window)),
        (text) => {
          if (text === null) {
            isOneMissing = true;
            return;
          }
          others.push(text);
          found = { ...state, clipboardText: text };
          desk.persons = { text, at: performance.now() };
          deps.keepGuest(found, keptOthers());
        },
      );
      stopKeeping = () => {
        stopOthers();
        stopHearing();
      };
      return state;
    },
    async aim(windowId, title, inputPoint, deadlineMs) {
      aim?.end();
      input = inputPoint;
      aim = null;
      const window = Number(windowId);
      target = window;
      desk.typedInto.add(x.clientOf(window));
      const before = (await listWindows(x)).find((w) => w.id === windowId);
      disturb({ window, wasMinimised: before?.isMinimised ?? false, movedFrom: null });
      const result = await aimAt(x, window, title, permission, deadlineMs);
      if (!result.ok) return result;
      const placed = await intoView(x, window, title, input, result.rect);
      if (!placed.ok) {
        result.aim.end();
        return placed;
      }
      if (placed.movedFrom) {
        disturbances.splice(0, disturbances.length, ...disturbances.filter((d) => d.window !== window), {
          window,
          wasMinimised: before?.isMinimised ?? false,
          movedFrom: placed.movedFrom,
        });
      }
      aim = result.aim;
      return { ok: true, point: placed.point, rect: placed.rect };
    },
    click: () =>
      aimed(async (at) => {
        const clicked = await clickWhenSeen(x, at, (rect) =>
          desk.clicks.near(screenPoint(input, rect), rect),
        );
        if (!clicked.ok) return clicked;
        leftPointerAt = clicked.point;
        desk.clicks.clicked(clicked.point);
        return clicked;
      }),
    press: (chords) => aimed((at) => composer.press(at, chords)),
    look: (keys, patienceMs) => aimed((at) => composer.look(at, keys, patienceMs)),
    pasteAndLook: (content, keys, patienceMs) =>
      aimed((at) => composer.pasteAndLook(at, content, keys, patienceMs)),
    async restore(state) {
      aim?.end();
      aim = null;
      if (deps.lockRefusal() !== null) {
        stopKeeping();
        return deps.abandonGuest();
      }
      await restorePlaces(x, state, disturbances.splice(0), leftPointerAt);
      acted();
      if (desk.copies.open !== null) await hearLateAnswer(desk, desk.copies.open);
      if (deps.lockRefusal() !== null) {
        stopKeeping();
        return deps.abandonGuest();
      }
      const text = await restoreClipboard(desk, () => (found ?? state).clipboardText);
      stopKeeping();
      if (text === null) return deps.forgetGuest();
      if (!isAnyOpen(desk.copies) && desk.copies.pastes.size === 0)
        deps.keepGuest(found ?? state, keptOthers(), true);
      deps.handOver(text);
    },
    lateAnswers: () => Promise.resolve(isLateSure ? [...late] : []),
    copiedByOthers: () =>
      Promise.resolve({ texts: [...others], isMissing: isOneMissing, beforeKill: desk.beforeKill }),
    release: () => deps.release(),
  };
}

/** A window that was just raised or unfolded is not drawn above all others at once: the click waits for that. */
async function clickWhenSeen(
  x: XConnection,
  aim: Aim,
  pointIn: (rect: Rect) => Point,
): Promise<Guarded<{ readonly point: Point }>> {
  const end = performance.now() + COVERED_MS;
  for (;;) {
    const clicked = await aim.click(pointIn);
    if (clicked.ok || clicked.error.code !== "window_covered") return clicked;
    if (performance.now() > end) {
      const point = pointIn(await windowRect(x, aim.window));
      const [other = null] = await windowsAt(x, [point]);
      return coveredBy(other, aim, clicked);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function coveredBy(other: DesktopWindow | null, aim: Aim, refusal: Refusal): Refusal {
  if (!other) return refusal;
  const message = `the window "${other.title}" lies over the input point of "${aim.title}"`;
  return { ...refusal, error: { ...refusal.error, message } };
}
