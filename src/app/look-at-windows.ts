/**
 * The one look at the windows of agents, for `explain`, `doctor` and `calibrate --check`: nothing is raised, moved, typed
 * or put into the clipboard.
 */
import { type DesktopAgent, isInside, type Point, type Rect, screenPoint } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { DesktopWindow, Hands, Layout } from "../ports/desktop.ts";
import { placeOf, pointOffScreen, pointOutside } from "../transports/desktop/place.ts";
import type { MeasuredWindow, Size } from "./calibration-file.ts";

export interface WindowLook {
  readonly agent: DesktopAgent;
  /** Null: none has the title, or several have. */
  readonly window: DesktopWindow | null;
  /** Where the input point lies on the screen now. */
  readonly point: Point | null;
  /** The agent's window is what is seen there. If not, that does not matter for a delivery, which raises it. */
  readonly isSeen: boolean;
  /** The other window that is seen there. */
  readonly cover: DesktopWindow | null;
  /** Other agents with the same input field: what is sent to one arrives where theirs does. */
  readonly sharedWith: readonly string[];
  /** A delivery would be refused for this. */
  readonly obstacle: DeliveryError | null;
  /** It is not as swarm was shown it: the obstacle, or what a delivery could only find out by trying. */
  readonly staleness: DeliveryError | null;
}

export interface DesktopLook {
  readonly windows: readonly DesktopWindow[];
  readonly layout: Layout;
  readonly pointer: Point;
  readonly looks: readonly WindowLook[];
}

/** `measured`: what is known of the calibration of each. */
export async function lookAtWindows(
  hands: Hands,
  agents: readonly DesktopAgent[],
  measured: (agent: DesktopAgent) => MeasuredWindow | null,
): Promise<DesktopLook> {
  const [windows, layout, pointer] = await Promise.all([hands.windows(), hands.layout(), hands.pointer()]);
  const judged = agents.map((agent) => judge(agent, windows, layout, measured(agent)));
  const points = judged.flatMap((each) => soughtPoint(each) ?? []);
  const seen = points.length === 0 ? [] : await hands.windowsAt(points);
  const seenAt = new Map(points.map((point, i) => [point, seen[i] ?? null] as const));
  const looks = judged.map(
    (each): WindowLook => ({ ...each, ...sightOf(each, seenAt), sharedWith: sharers(each, judged) }),
  );
  return { windows, layout, pointer, looks };
}

type Judged = Omit<WindowLook, "cover" | "isSeen" | "sharedWith">;

function sharers({ agent, window, point }: Judged, all: readonly Judged[]): readonly string[] {
  if (window === null || point === null) return [];
  const others = all.filter((other) => other.agent !== agent && other.window?.id === window.id);
  return others
    .filter((other) => other.point && isOneField(point, other.point))
    .map(({ agent: { name } }) => name);
}

/** Input fields are higher than a line of text, in pixels: points that are closer lie in the same one. */
const ONE_FIELD_PX = 24;

export function isOneField(one: Point, other: Point): boolean {
  return Math.hypot(one.x - other.x, one.y - other.y) <= ONE_FIELD_PX;
}

function judge(
  agent: DesktopAgent,
  windows: readonly DesktopWindow[],
  layout: Layout,
  measured: MeasuredWindow | null,
): Judged {
  const place = placeOf(agent, windows);
  if (!place.ok) return { agent, window: null, point: null, obstacle: place.error, staleness: place.error };
  const { window } = place;
  const point = screenPoint(agent.input, window.rect);
  const obstacle = isInside(point, window.rect) ? null : pointOutside(agent, window.rect);
  const staleness = obstacle ?? screenChange(agent, point, layout, measured);
  return { agent, window, point, obstacle, staleness };
}

/**
 * Points are kept as seen from a corner of the window, so other screens beside it and moved windows do not matter. But the
 * same window on a screen of another size may show its page in another way or scale.
 */
function screenChange(
  agent: DesktopAgent,
  point: Point,
  { screens, isWhole }: Layout,
  measured: MeasuredWindow | null,
): DeliveryError | null {
  const now = screenAt(point, screens);
  if (now === null) return isWhole ? pointOffScreen(agent) : null;
  const before = measured?.screen;
  if (!measured || !before || isSameSize(before, now) || isSameLayout(measured.screens, screens)) return null;
  return {
    code: "calibration_stale",
    message: `${agent.name} was calibrated on a screen of ${before.width} × ${before.height}, which is ${now.width} × ${now.height} now: its input field may lie elsewhere in the window`,
    hint: `swarm calibrate ${agent.name}`,
  };
}

/** The screen that shows a point, or null. */
export function screenAt(point: Point, screens: readonly Rect[]): Rect | null {
  return screens.find((screen) => isInside(point, screen)) ?? null;
}

function isSameSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

function isSameLayout(one: readonly Rect[], other: readonly Rect[]): boolean {
  const words = (screens: readonly Rect[]) =>
    screens.map(({ x, y, width, height }) => `${width}x${height}+${x}+${y}`).toSorted();
  return words(one).join() === words(other).join();
}

/** Where the agent's window should be seen; null: one that is minimised is seen nowhere. */
function soughtPoint({ window, point, obstacle }: Judged): Point | null {
  return window === null || obstacle !== null || window.isMinimised ? null : point;
}

function sightOf(
  judged: Judged,
  seenAt: ReadonlyMap<Point, DesktopWindow | null>,
): Pick<WindowLook, "cover" | "isSeen"> {
  const point = soughtPoint(judged);
  const seen = (point && seenAt.get(point)) ?? null;
  const isSeen = seen !== null && seen.id === judged.window?.id;
  return { isSeen, cover: isSeen ? null : seen };
}
