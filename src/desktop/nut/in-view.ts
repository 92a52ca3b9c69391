/** Where the input point of a window lies on the screen; a window whose point no screen shows is moved into view. */
import { type InputPoint, isInside, type Point, type Rect, screenPoint } from "../../domain/agent.ts";
import type { Guarded } from "../../ports/desktop.ts";
import { refuse } from "../refusals.ts";
import { windowGone } from "./aim.ts";
import type { NutWindowId } from "./nut-calls.ts";
import { type NutDesk, pollUntil } from "./nut-desk.ts";
import { inputRefusal, reach } from "./pointer.ts";

/** Room left around a point that was moved into view, in pixels. */
const MARGIN = 8;
const MOVE_TIMEOUT_MS = 1_000;
const LOOK_EVERY_MS = 5;

export interface Placed {
  readonly point: Point;
  readonly rect: Rect;
  /** The window's corner before it was moved, or null. */
  readonly movedFrom: Point | null;
}

/**
 * Leaves the pointer on the point. Which screens there are is not known: a point is on one when the pointer can stand
 * there, also left of the main screen, where coordinates are negative.
 */
export async function placeInView(
  desk: NutDesk,
  window: NutWindowId,
  title: string,
  input: InputPoint,
): Promise<Guarded<Placed>> {
  const rect = (await desk.calls.window(window))?.rect;
  if (!rect) return windowGone(title);
  const point = screenPoint(input, rect);
  if (!isInside(point, rect)) {
    return refuse(
      "calibration_stale",
      `the input point of "${title}" (${input.x}, ${input.y} from ${input.from}) lies outside of its window, which is ${rect.width} × ${rect.height} now`,
      "show swarm the place again: swarm calibrate",
    );
  }
  if (await reach(desk, point)) return { ok: true, point, rect, movedFrom: null };
  return (await inputRefusal(desk)) ?? moveIntoView(desk, window, title, input, rect);
}

async function moveIntoView(
  desk: NutDesk,
  window: NutWindowId,
  title: string,
  input: InputPoint,
  rect: Rect,
): Promise<Guarded<Placed>> {
  const { calls, clock } = desk;
  const screen = await calls.screenSize();
  const point = screenPoint(input, rect);
  await calls.moveWindow(window, {
    x: rect.x + clamp(point.x, MARGIN, screen.width - MARGIN) - point.x,
    y: rect.y + clamp(point.y, MARGIN, screen.height - MARGIN) - point.y,
  });
  let placed: Placed | null = null;
  await pollUntil(clock, MOVE_TIMEOUT_MS, LOOK_EVERY_MS, async () => {
    const now = (await calls.window(window))?.rect;
    if (!now || (now.x === rect.x && now.y === rect.y)) return false;
    const at = screenPoint(input, now);
    if (!(await reach(desk, at))) return false;
    placed = { point: at, rect: now, movedFrom: { x: rect.x, y: rect.y } };
    return true;
  });
  if (placed) return { ok: true, ...(placed as Placed) };
  return refuse(
    "point_off_screen",
    `the input point of "${title}" lies off the screen, and its window could not be moved into view`,
    "move the window so that its input field can be seen; the message is tried again by itself",
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
