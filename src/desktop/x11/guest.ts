/** What swarm found on the desktop, and putting it back: clipboard, pointer, active window, workspace, the window's place. */
import type { Point } from "../../domain/agent.ts";
import { DesktopGone, type GuestState } from "../../ports/desktop.ts";
import { clipboardSilent } from "../refusals.ts";
import type { X11Clipboard } from "./clipboard.ts";
import type { WindowId, XConnection } from "./connection.ts";
import { pointAt } from "./keyboard.ts";
import {
  activeWindow,
  currentWorkspace,
  listWindows,
  requestActive,
  requestMinimised,
  requestPosition,
  requestWorkspace,
} from "./windows.ts";

const READ_TIMEOUT_MS = 1_000;
const ACTIVE_TIMEOUT_MS = 1_000;
const LOOK_EVERY_MS = 1;

/** What swarm itself did to the target's window, to be undone. */
export interface Disturbance {
  readonly window: WindowId;
  readonly wasMinimised: boolean;
  /** Where the window's own area was before it was moved into view, or null. */
  readonly movedFrom: Point | null;
}

/** `own`: the person's text, where the clipboard is not to be asked for it. */
export async function rememberGuest(
  x: XConnection,
  clipboard: X11Clipboard,
  own: { readonly text: string | null } | null,
): Promise<GuestState> {
  const [pointer, active, workspace, text] = await Promise.all([
    pointerPosition(x),
    activeWindow(x),
    currentWorkspace(x),
    own === null ? clipboardText(clipboard) : own.text,
  ]);
  return { clipboardText: text, pointer, activeWindow: active === null ? null : String(active), workspace };
}

async function clipboardText(clipboard: X11Clipboard): Promise<string | null> {
  if ((await clipboard.owner()) === 0) return null;
  const text = await clipboard.read(READ_TIMEOUT_MS);
  if (text === null && !(await clipboard.isTextless(READ_TIMEOUT_MS)) && (await clipboard.owner()) !== 0)
    throw new DesktopGone(clipboardSilent());
  return text;
}

export async function pointerPosition(x: XConnection): Promise<Point> {
  const { rootX, rootY } = await x.ask<{ rootX: number; rootY: number }>((r) =>
    x.client.QueryPointer(x.root, r),
  );
  return { x: rootX, y: rootY };
}

/** Puts back all but the clipboard. What a person changed meanwhile is left as the person has it. */
export async function restorePlaces(
  x: XConnection,
  state: GuestState,
  disturbances: readonly Disturbance[],
  leftPointerAt: Point | null,
): Promise<void> {
  const here = await pointerPosition(x);
  if (leftPointerAt && here.x === leftPointerAt.x && here.y === leftPointerAt.y)
    pointAt(x, state.pointer, false);
  for (const { window, movedFrom } of disturbances) if (movedFrom) requestPosition(x, window, movedFrom);
  const active = await activeWindow(x);
  const isOurs = active === null || disturbances.some(({ window }) => window === active);
  const previous = state.activeWindow === null ? null : Number(state.activeWindow);
  if (isOurs && active !== previous) {
    for (const { window, wasMinimised } of disturbances) if (wasMinimised) requestMinimised(x, window);
    const isThere = previous !== null && (await listWindows(x)).some((w) => w.id === String(previous));
    if (isThere && previous !== null) await activate(x, previous);
    else if (state.workspace !== null) requestWorkspace(x, state.workspace);
  }
  if (state.workspace !== null && isOurs && (await currentWorkspace(x)) !== state.workspace) {
    requestWorkspace(x, state.workspace);
  }
  await x.sync();
}

async function activate(x: XConnection, window: WindowId): Promise<void> {
  requestActive(x, window);
  const end = performance.now() + ACTIVE_TIMEOUT_MS;
  while (performance.now() < end) {
    if ((await activeWindow(x)) === window) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
