/**
 * Aiming: one window is made the active one, and from then on every input event is checked and sent as one step.
 *
 * The check and the keys happen while our connection has the X server to itself (GrabServer): no other program, window
 * managers included, can move the focus between them. What happens before and after is caught by the focus epoch: a
 * count of all focus changes seen as X events since `aim`, so that a focus that went away and came back is noticed.
 */

import { type Point, type Rect, titleMatches } from "../../domain/agent.ts";
import type { Guarded, Refusal } from "../../ports/desktop.ts";
import { handsOff, refuse } from "../refusals.ts";
import type { WindowId, XConnection } from "./connection.ts";
import { becomeActive, type FocusWatch, isInside, watchFocus } from "./focus.ts";
import { pointAt } from "./keyboard.ts";
import { activeWindow, listWindows, topLevelOf, windowRect, windowTitle } from "./windows.ts";

/** Shift, Control, Alt, Super and the pointer's buttons held down: a person's hand is on the machine. */
const HELD_BY_PERSON = 1 | 4 | 8 | 64 | 0x1f00;
const HANDS_OFF_MS = 1_500;

export interface Aim {
  readonly window: WindowId;
  readonly title: string;
  /** Sends input only if the window is active, bears its title, holds the keyboard focus, and no focus change was seen. */
  guarded(send: () => void): Promise<Guarded<object>>;
  /** The same for a click. `pointIn` computes its point in the same step: the window may be moving. */
  click(pointIn: (rect: Rect) => Point): Promise<Guarded<{ readonly point: Point }>>;
  /** A refusal when the focus changed since `aim`. */
  focusLost(): Refusal | null;
  end(): void;
}

/** Something that may forbid any input: the desktop lock. */
export interface Permission {
  /** Null while input is allowed. */
  refusal(): Refusal | null;
  /** Told after every input event of ours. */
  acted(): void;
}

/** Raises the window and waits until it is active and has the focus. */
export async function aimAt(
  x: XConnection,
  window: WindowId,
  titlePattern: string,
  permission: Permission,
  deadlineMs: number,
): Promise<Guarded<{ readonly aim: Aim; readonly rect: Rect }>> {
  const denied = permission.refusal();
  if (denied) return denied;
  try {
    const watch = watchFocus(x, window);
    const isActive = await becomeActive(x, window, watch, deadlineMs);
    if (!isActive) {
      watch.end();
      return await whyNotActive(x, window, titlePattern, deadlineMs);
    }
    watch.reset();
    return {
      ok: true,
      aim: makeAim(x, window, titlePattern, permission, watch),
      rect: await windowRect(x, window),
    };
  } catch (cause) {
    return windowGone(titlePattern, cause);
  }
}

function windowGone(title: string, cause: unknown): Refusal {
  return refuse(
    "window_not_found",
    `the window "${title}" went away while it was being used (${cause instanceof Error ? cause.message : String(cause)})`,
    "open it again, then: swarm retry-failed",
  );
}

async function whyNotActive(
  x: XConnection,
  window: WindowId,
  title: string,
  deadlineMs: number,
): Promise<Refusal> {
  const active = await activeWindow(x);
  const windows = await listWindows(x);
  const target = windows.find((w) => w.id === String(window));
  if (!target) return windowGone(title, "it is not in the window list any more");
  const front = windows.find((w) => w.id === String(active));
  if (front?.isDialog && front.pid !== null && front.pid === target.pid) {
    return refuse(
      "dialog_in_front",
      `a dialog "${front.title}" of the same program is in front of "${title}"`,
      "answer the dialog; the message is tried again by itself",
    );
  }
  return refuse(
    "focus_lost",
    `"${title}" did not become the active window within ${Math.round(deadlineMs)} ms (in front: ${front ? `"${front.title}"` : "no window"})`,
    "see what keeps taking the focus; the message is tried again by itself",
  );
}

function makeAim(
  x: XConnection,
  window: WindowId,
  titlePattern: string,
  permission: Permission,
  watch: FocusWatch,
): Aim {
  const focusLost = (): Refusal | null =>
    watch.changes === 0
      ? null
      : refuse(
          "focus_lost",
          `another window took the focus from "${titlePattern}" during the attempt`,
          "nothing was submitted; the message is tried again by itself",
        );
  const pressesBefore = x.presses.strange();
  const othersPressed = (): Refusal | null =>
    x.presses.strange() === pressesBefore
      ? null
      : handsOff(
          "human_active",
          `somebody pressed a key or a mouse button while "${titlePattern}" was being used`,
          "nothing more was typed; the message is tried again by itself in the next pause",
        );
  /** Runs `act` with the X server to itself, if the target is right; `act` sends input or says why not. */
  const alone = async <T extends object>(act: () => Promise<Guarded<T>>): Promise<Guarded<T>> => {
    const denied = permission.refusal();
    if (denied) return { ...denied, mayBePressed: false };
    await handsAreOff(x);
    let isSent = false;
    x.client.GrabServer();
    try {
      const problem = await check(x, window, titlePattern);
      const refusal = problem ?? othersPressed() ?? focusLost() ?? permission.refusal();
      if (refusal) return { ...refusal, mayBePressed: false };
      isSent = true;
      return await act();
    } catch (cause) {
      return { ...windowGone(titlePattern, cause), mayBePressed: isSent };
    } finally {
      x.client.UngrabServer();
      await x.sync();
      if (isSent) permission.acted();
    }
  };
  return {
    window,
    title: titlePattern,
    focusLost,
    end: () => watch.end(),
    guarded: (send) =>
      alone(async () => {
        send();
        return { ok: true };
      }),
    click: (pointIn) =>
      alone(async () => {
        const point = pointIn(await windowRect(x, window));
        if (!(await isSeenAt(x, window, point))) return covered(titlePattern);
        pointAt(x, point, true);
        return { ok: true, point };
      }),
  };
}

async function isSeenAt(x: XConnection, window: WindowId, point: Point): Promise<boolean> {
  const [{ child }, frame] = await Promise.all([
    x.ask<{ child: number }>((r) => x.client.TranslateCoordinates(x.root, x.root, point.x, point.y, r)),
    topLevelOf(x, window),
  ]);
  return child === frame;
}

function covered(title: string): Refusal {
  return refuse(
    "window_covered",
    `another window lies over the input point of "${title}"`,
    "move what covers it; the message is tried again by itself",
  );
}

/**
 * Waits while a modifier or a mouse button is down: a person's hand, or the release of our own click, which a window
 * manager may hold back for a moment.
 */
async function handsAreOff(x: XConnection): Promise<void> {
  const end = performance.now() + HANDS_OFF_MS;
  while (performance.now() < end) {
    const { keyMask } = await x.ask<{ keyMask: number }>((r) => x.client.QueryPointer(x.root, r));
    if ((keyMask & HELD_BY_PERSON) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function check(x: XConnection, window: WindowId, titlePattern: string): Promise<Refusal | null> {
  const [active, { focus }, pointer, title] = await Promise.all([
    activeWindow(x),
    x.ask<{ focus: number }>((r) => x.client.GetInputFocus(r)),
    x.ask<{ keyMask: number }>((r) => x.client.QueryPointer(x.root, r)),
    windowTitle(x, window),
  ]);
  if ((pointer.keyMask & HELD_BY_PERSON) !== 0) {
    return handsOff(
      "human_active",
      "somebody holds a key or a mouse button down",
      "the message is tried again by itself once the hands are off",
    );
  }
  if (active !== window || !(await isInside(x, focus, window))) {
    return refuse(
      "focus_lost",
      `"${titlePattern}" was not the active window right before a key was to be pressed`,
      "nothing was submitted; the message is tried again by itself",
    );
  }
  if (!titleMatches(titlePattern, title)) {
    return refuse(
      "focus_lost",
      `the window "${titlePattern}" now shows something else (its title changed)`,
      "bring the right page or file back in that window, or run: swarm calibrate",
    );
  }
  return null;
}
