/** Finds, raises, moves and minimises windows through EWMH, the language of window managers. */
import type { Point, Rect } from "../../domain/agent.ts";
import type { DesktopWindow } from "../../ports/desktop.ts";
import type { WindowId, XConnection } from "./connection.ts";

/** Says in client messages that a person asked for it (a pager), so that the window manager does not refuse. */
const FROM_PAGER = 2;
const ICONIC_STATE = 3;

/** True when a window manager that speaks EWMH runs on the display. */
export async function hasWindowManager(x: XConnection): Promise<boolean> {
  const check = (await x.numbers(x.root, "_NET_SUPPORTING_WM_CHECK"))?.[0];
  if (!check) return false;
  return x.numbers(check, "_NET_SUPPORTING_WM_CHECK").then(
    (again) => again?.[0] === check,
    () => false,
  );
}

/** All windows that the window manager manages, with what is needed to choose one. */
export async function listWindows(x: XConnection): Promise<readonly DesktopWindow[]> {
  const [ids, active] = await Promise.all([x.numbers(x.root, "_NET_CLIENT_LIST"), activeWindow(x)]);
  const windows = await Promise.all((ids ?? []).map((id) => describe(x, id, active).catch(() => null)));
  return windows.filter((window) => window !== null);
}

async function describe(x: XConnection, id: WindowId, active: WindowId | null): Promise<DesktopWindow> {
  const [title, pid, rect, states, types, wmState, transientFor] = await Promise.all([
    windowTitle(x, id),
    x.numbers(id, "_NET_WM_PID"),
    windowRect(x, id),
    x.numbers(id, "_NET_WM_STATE"),
    x.numbers(id, "_NET_WM_WINDOW_TYPE"),
    x.numbers(id, "WM_STATE"),
    x.numbers(id, "WM_TRANSIENT_FOR"),
  ]);
  return {
    id: String(id),
    title,
    pid: pid?.[0] ?? null,
    rect,
    isActive: id === active,
    isMinimised: wmState?.[0] === ICONIC_STATE || (states ?? []).includes(x.atom("_NET_WM_STATE_HIDDEN")),
    isDialog:
      (types ?? []).includes(x.atom("_NET_WM_WINDOW_TYPE_DIALOG")) ||
      (states ?? []).includes(x.atom("_NET_WM_STATE_MODAL")) ||
      (transientFor?.[0] ?? 0) !== 0,
  };
}

export async function windowTitle(x: XConnection, id: WindowId): Promise<string> {
  return (await x.text(id, "_NET_WM_NAME")) ?? (await x.text(id, "WM_NAME")) ?? "";
}

/** Where the window's own area (without the frame) lies on the screen. */
export async function windowRect(x: XConnection, id: WindowId): Promise<Rect> {
  const [size, corner] = await Promise.all([
    x.ask<{ width: number; height: number }>((r) => x.client.GetGeometry(id, r)),
    x.ask<{ destX: number; destY: number }>((r) => x.client.TranslateCoordinates(id, x.root, 0, 0, r)),
  ]);
  return { x: corner.destX, y: corner.destY, width: size.width, height: size.height };
}

/** The active window, or null when none is. */
export async function activeWindow(x: XConnection): Promise<WindowId | null> {
  return (await x.numbers(x.root, "_NET_ACTIVE_WINDOW"))?.[0] || null;
}

/** Shows the workspace that the window is on. Not every window manager does so by itself for a window to be activated. */
export async function showWorkspaceOf(x: XConnection, id: WindowId): Promise<void> {
  const EVERYWHERE = 0xffffffff;
  const [own, current] = await Promise.all([x.numbers(id, "_NET_WM_DESKTOP"), currentWorkspace(x)]);
  const workspace = own?.[0];
  if (workspace === undefined || workspace === EVERYWHERE || workspace === current) return;
  requestWorkspace(x, workspace);
}

export async function currentWorkspace(x: XConnection): Promise<number | null> {
  return (await x.numbers(x.root, "_NET_CURRENT_DESKTOP"))?.[0] ?? null;
}

/** Asks the window manager to raise a window, give it the focus and show its workspace. */
export function requestActive(x: XConnection, id: WindowId): void {
  x.client.SendClientMessage(x.root, id, x.atom("_NET_ACTIVE_WINDOW"), 32, [FROM_PAGER, 0, 0, 0, 0]);
}

export function requestWorkspace(x: XConnection, workspace: number): void {
  x.client.SendClientMessage(x.root, x.root, x.atom("_NET_CURRENT_DESKTOP"), 32, [workspace, 0, 0, 0, 0]);
}

export function requestMinimised(x: XConnection, id: WindowId): void {
  x.client.SendClientMessage(x.root, id, x.atom("WM_CHANGE_STATE"), 32, [ICONIC_STATE, 0, 0, 0, 0]);
}

/** Asks for a new place of the window's own area; its size stays. */
export function requestPosition(
  x: XConnection,
  id: WindowId,
  at: { readonly x: number; readonly y: number },
): void {
  const STATIC_GRAVITY = 10;
  const HAS_X_AND_Y = (1 << 8) | (1 << 9);
  const flags = STATIC_GRAVITY | HAS_X_AND_Y | (FROM_PAGER << 12);
  x.client.SendClientMessage(x.root, id, x.atom("_NET_MOVERESIZE_WINDOW"), 32, [
    flags,
    at.x >>> 0,
    at.y >>> 0,
    0,
    0,
  ]);
}

/** The managed window that is seen at each point of the screen, or null. */
export async function windowsAt(
  x: XConnection,
  points: readonly Point[],
): Promise<readonly (DesktopWindow | null)[]> {
  const frames = await Promise.all(
    points.map(async (point) => {
      const seen = await x.ask<{ child: number }>((r) =>
        x.client.TranslateCoordinates(x.root, x.root, point.x, point.y, r),
      );
      return seen.child;
    }),
  );
  if (frames.every((frame) => frame === 0)) return frames.map(() => null);
  const windows = await listWindows(x);
  const byFrame = new Map<number, DesktopWindow>();
  await Promise.all(
    windows.map(async (window) => {
      const frame = await topLevelOf(x, Number(window.id)).catch(() => 0);
      if (frame !== 0) byFrame.set(frame, window);
    }),
  );
  return frames.map((frame) => byFrame.get(frame) ?? null);
}

/** The child of the root in which the window lies: its frame, or itself where it has none. */
export async function topLevelOf(x: XConnection, id: WindowId): Promise<WindowId> {
  let current = id;
  for (;;) {
    const at = current;
    const { parent, root } = await x.ask<{ parent: number; root: number }>((r) => x.client.QueryTree(at, r));
    if (parent === root || parent === 0) return current;
    current = parent;
  }
}
