/** What swarm found on the desktop, and putting it back: clipboard, pointer, active window, the window's place. */
import type { Point } from "../../domain/agent.ts";
import { DesktopGone, type GuestState } from "../../ports/desktop.ts";
import { clipboardSilent } from "../refusals.ts";
import type { NutClipboard } from "./clipboard.ts";
import type { NutWindowId } from "./nut-calls.ts";
import { type NutDesk, pollUntil } from "./nut-desk.ts";
import { isNear, reach } from "./pointer.ts";

const ACTIVE_TIMEOUT_MS = 1_000;
const LOOK_EVERY_MS = 5;

/** What swarm itself did, to be undone. A window that was minimised stays unfolded: nut-js can't fold it again. */
export interface Disturbance {
  readonly windows: ReadonlySet<NutWindowId>;
  /** Where a window's corner was before it was moved into view. */
  readonly movedFrom: ReadonlyMap<NutWindowId, Point>;
  /** Where swarm left the pointer, or null. */
  readonly leftPointerAt: Point | null;
}

export async function rememberGuest({ calls }: NutDesk, clipboard: NutClipboard): Promise<GuestState> {
  const text = await clipboard.read();
  if (text === null) throw new DesktopGone(clipboardSilent());
  const active = await calls.activeWindow();
  return {
    clipboardText: text === "" ? null : text,
    pointer: await calls.pointer(),
    activeWindow: active === null ? null : String(active),
    workspace: null,
  };
}

/** Puts the person's text back where the clipboard still holds what swarm put there; what somebody copied meanwhile stays. */
export async function restoreClipboard(clipboard: NutClipboard, state: GuestState): Promise<void> {
  const now = await clipboard.read();
  if (now === null || !clipboard.isOwn(now)) return;
  await clipboard.put(state.clipboardText ?? "");
}

/** Puts back all but the clipboard. What a person changed meanwhile is left as the person has it. */
export async function restorePlaces(desk: NutDesk, state: GuestState, done: Disturbance): Promise<void> {
  const { calls, clock } = desk;
  if (done.leftPointerAt && isNear(await calls.pointer(), done.leftPointerAt))
    await reach(desk, state.pointer);
  const active = await calls.activeWindow();
  const isOurs = active === null || done.windows.has(active);
  if (!isOurs) return;
  const corner = active === null ? undefined : done.movedFrom.get(active);
  if (active !== null && corner) await calls.moveWindow(active, corner);
  const previous = state.activeWindow === null ? null : Number(state.activeWindow);
  if (previous === null || previous === active || (await calls.window(previous)) === null) return;
  await calls.focus(previous);
  await pollUntil(
    clock,
    ACTIVE_TIMEOUT_MS,
    LOOK_EVERY_MS,
    async () => (await calls.activeWindow()) === previous,
  );
}
