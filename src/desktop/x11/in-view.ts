/** Moves a window whose input point lies off the screen so far that it can be clicked. */
import { type InputPoint, isInside, type Point, type Rect, screenPoint } from "../../domain/agent.ts";
import type { Guarded } from "../../ports/desktop.ts";
import { refuse } from "../refusals.ts";
import type { WindowId, XConnection } from "./connection.ts";
import { screenLayout } from "./layout.ts";
import { requestPosition, windowRect } from "./windows.ts";

/** Room left around a window's point that was moved into view, in pixels. */
const MARGIN = 8;
const MOVE_TIMEOUT_MS = 1_000;

/** Where the input point lies now. `movedFrom`: where the window was before; null: it was not moved. */
export async function intoView(
  x: XConnection,
  window: WindowId,
  title: string,
  input: InputPoint,
  rect: Rect,
): Promise<Guarded<{ readonly point: Point; readonly rect: Rect; readonly movedFrom: Point | null }>> {
  const point = screenPoint(input, rect);
  if (!isInside(point, rect)) {
    return refuse(
      "calibration_stale",
      `the input point of "${title}" (${input.x}, ${input.y} from ${input.from}) lies outside of its window, which is ${rect.width} × ${rect.height} now`,
      "show swarm the place again: swarm calibrate",
    );
  }
  const { screens } = await screenLayout(x);
  const isShown = (at: Point) => screens.some((screen) => isInside(at, screen));
  if (isShown(point)) return { ok: true, point, rect, movedFrom: null };
  const seen = nearestShown(point, screens);
  const shift = { x: seen.x - point.x, y: seen.y - point.y };
  requestPosition(x, window, { x: rect.x + shift.x, y: rect.y + shift.y });
  const end = performance.now() + MOVE_TIMEOUT_MS;
  while (performance.now() < end) {
    const now = await windowRect(x, window);
    const moved = screenPoint(input, now);
    if (isShown(moved)) return { ok: true, point: moved, rect: now, movedFrom: { x: rect.x, y: rect.y } };
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return refuse(
    "point_off_screen",
    `the input point of "${title}" lies off the screen, and its window could not be moved into view`,
    "move the window so that its input field can be seen; the message is tried again by itself",
  );
}

/** The point that a screen shows and that is nearest to this one, with some room around it. */
function nearestShown(point: Point, screens: readonly Rect[]): Point {
  const candidates = screens.map((screen) => ({
    x: Math.min(Math.max(point.x, screen.x + MARGIN), screen.x + screen.width - MARGIN),
    y: Math.min(Math.max(point.y, screen.y + MARGIN), screen.y + screen.height - MARGIN),
  }));
  const distance = (to: Point) => Math.hypot(to.x - point.x, to.y - point.y);
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? point;
}
