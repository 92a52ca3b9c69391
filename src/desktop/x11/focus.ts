/** The focus of one window: the epoch that counts its changes, and getting it. */
import x11, { type XEvent } from "x11";
import type { WindowId, XConnection } from "./connection.ts";
import { activeWindow, requestActive, showWorkspaceOf } from "./windows.ts";

const FOCUS_MASK = (x11.eventMask["FocusChange"] ?? 0) | (x11.eventMask["PropertyChange"] ?? 0);
const NOTIFY_INFERIOR = 2;
const NOTIFY_POINTER = 5;
const GRAB_MODES = new Set([1, 2]);

export interface FocusWatch {
  /** Focus changes seen since the last `reset`. */
  readonly changes: number;
  reset(): void;
  /** Resolves at the next event that has to do with the focus, or after `timeoutMs`. */
  next(timeoutMs: number): Promise<void>;
  end(): void;
}

export function watchFocus(x: XConnection, window: WindowId): FocusWatch {
  let changes = 0;
  const waiting = new Set<() => void>();
  x.client.ChangeWindowAttributes(window, { eventMask: FOCUS_MASK });
  x.client.ChangeWindowAttributes(x.root, { eventMask: FOCUS_MASK });
  const stop = x.onEvent((event) => {
    if (!isFocusEvent(x, window, event)) return;
    changes += 1;
    for (const wake of [...waiting]) wake();
  });
  return {
    get changes() {
      return changes;
    },
    reset() {
      changes = 0;
    },
    next: (timeoutMs) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.max(0, timeoutMs));
        waiting.add(wake);
      }),
    end() {
      stop();
      // The window may be gone: that error answers nobody.
      x.client.ChangeWindowAttributes(window, { eventMask: 0 });
    },
  };
}

function isFocusEvent(x: XConnection, window: WindowId, event: XEvent): boolean {
  if (event.name === "PropertyNotify") {
    return event["wid"] === x.root && event["atom"] === x.atom("_NET_ACTIVE_WINDOW");
  }
  if (event.name !== "FocusOut" && event.name !== "FocusIn") return false;
  const detail = event["detail"] as number;
  // Grabs pass by (menus, a window manager's click), and so does the focus that goes to a child of the same window.
  if (GRAB_MODES.has(event["mode"] as number) || detail === NOTIFY_INFERIOR || detail >= NOTIFY_POINTER)
    return false;
  return event["wid"] === window;
}

/** Asks the window manager for the focus until the window has it; false at the deadline. */
export async function becomeActive(
  x: XConnection,
  window: WindowId,
  watch: FocusWatch,
  deadlineMs: number,
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  let askedAt = Number.NEGATIVE_INFINITY;
  const ASK_AGAIN_MS = 400;
  for (;;) {
    if (await hasFocus(x, window)) return true;
    const now = performance.now();
    if (now >= end) return false;
    if (now - askedAt > ASK_AGAIN_MS) {
      await showWorkspaceOf(x, window);
      requestActive(x, window);
      await x.sync();
      askedAt = now;
    }
    await watch.next(Math.min(end - now, 50));
  }
}

async function hasFocus(x: XConnection, window: WindowId): Promise<boolean> {
  const [active, { focus }] = await Promise.all([
    activeWindow(x),
    x.ask<{ focus: number }>((r) => x.client.GetInputFocus(r)),
  ]);
  return active === window && (await isInside(x, focus, window));
}

/** True when the focused window is `window` or lies in it. */
export async function isInside(x: XConnection, focus: number, window: WindowId): Promise<boolean> {
  if (focus === window) return true;
  let current = focus;
  while (current > 1 && current !== x.root) {
    if (current === window) return true;
    const at = current;
    current = (await x.ask<{ parent: number }>((r) => x.client.QueryTree(at, r))).parent;
  }
  return false;
}
