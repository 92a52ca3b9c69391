/** Which window and which point of it a person means, and why it can be no agent's place. */
import {
  type Corner,
  type DesktopAgent,
  type InputPoint,
  type Point,
  type Rect,
  screenPoint,
  titleMatches,
} from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { DesktopWindow, Hands, Layout } from "../ports/desktop.ts";
import { placeOf } from "../transports/desktop/place.ts";
import type { MeasuredWindow } from "./calibration-file.ts";
import { isOneField, screenAt } from "./look-at-windows.ts";

export interface CalibratedAgent {
  readonly transport: "desktop";
  readonly profile: string;
  readonly window: { readonly title: string };
  readonly input: InputPoint;
}

export interface PlaceRequest {
  readonly agent: string;
  readonly profile: string;
  /** How the window was recognised until now, or null. */
  readonly knownTitle: string | null;
  /** Those whose places are known to be theirs: one input field can't be that of two. */
  readonly others: readonly DesktopAgent[];
  /** A point of the screen; null: where the pointer is. */
  readonly at: Point | null;
  /** Where the pointer was when the person was asked to place it; still there, it was not placed. Null: it may be there. */
  readonly unmovedFrom: Point | null;
}

export type PlaceShown =
  | {
      readonly ok: true;
      readonly entry: CalibratedAgent;
      readonly measured: MeasuredWindow;
      readonly point: Point;
    }
  | Refused;

interface Refused {
  readonly ok: false;
  readonly error: DeliveryError;
  readonly point: Point;
}

/** Looks, and types nothing. `now`: milliseconds since 1970. */
export async function placeShown(hands: Hands, request: PlaceRequest, now: number): Promise<PlaceShown> {
  const point = request.at ?? (await hands.pointer());
  if (isSame(point, request.unmovedFrom)) return notPlaced(point, request.agent);
  const [window] = await hands.windowsAt([point]);
  if (!window) return nothingAt(point, await hands.windows());
  const windows = await hands.windows();
  const same = windows.filter((other) => other.title === window.title);
  if (same.length > 1) return titleTaken(point, window, same.length);
  const owner = request.others.find((other) => isPlaceOf(other, point, window, windows));
  if (owner) return placeTaken(point, request.agent, owner.name);
  const entry: CalibratedAgent = {
    transport: "desktop",
    profile: request.profile,
    window: { title: titleFor(window, request.knownTitle, windows) },
    input: fromNearestCorner(point, window.rect),
  };
  return {
    ok: true,
    point,
    entry,
    measured: measuredAt(now, point, window, entry, await hands.layout()),
  };
}

function measuredAt(
  at: number,
  point: Point,
  { rect }: DesktopWindow,
  { input }: CalibratedAgent,
  { screens }: Layout,
): MeasuredWindow {
  const screen = screenAt(point, screens);
  return {
    at,
    input,
    window: { width: rect.width, height: rect.height },
    screen: screen && { width: screen.width, height: screen.height },
    screens,
  };
}

/** A pattern that means this window and no other stays: it was made for a title that changes. */
function titleFor(window: DesktopWindow, known: string | null, windows: readonly DesktopWindow[]): string {
  if (known === null || !titleMatches(known, window.title)) return window.title;
  return windows.filter((other) => titleMatches(known, other.title)).length === 1 ? known : window.title;
}

/** The point as seen from the corner that it is nearest to: it stays right when the window is resized. */
export function fromNearestCorner(point: Point, window: Rect): InputPoint {
  const left = point.x - window.x;
  const top = point.y - window.y;
  const isRight = left > window.width / 2;
  const isBottom = top > window.height / 2;
  const from: Corner = `${isBottom ? "bottom" : "top"}-${isRight ? "right" : "left"}`;
  return {
    x: isRight ? left - window.width : left,
    y: isBottom ? top - window.height : top,
    from,
  };
}

function isPlaceOf(
  agent: DesktopAgent,
  point: Point,
  window: DesktopWindow,
  windows: readonly DesktopWindow[],
): boolean {
  const place = placeOf(agent, windows);
  if (!place.ok || place.window.id !== window.id) return false;
  return isOneField(point, screenPoint(agent.input, window.rect));
}

function isSame(point: Point, other: Point | null): boolean {
  return other !== null && point.x === other.x && point.y === other.y;
}

function notPlaced(point: Point, agent: string): Refused {
  return {
    ok: false,
    point,
    error: {
      code: "composer_not_found",
      message: `the pointer was not moved, so swarm was not shown the input field of ${agent}; nothing was typed`,
      hint: "run it again, and put the pointer there while it counts down; where it is there already, press Enter",
    },
  };
}

function nothingAt(point: Point, windows: readonly DesktopWindow[]): Refused {
  const open = windows.map((window) => `"${window.title}"`).join(", ");
  return {
    ok: false,
    point,
    error: {
      code: "window_not_found",
      message: `there is no window at ${point.x}, ${point.y} of the screen`,
      hint: `place the pointer over the agent's input field, or give another --at x,y (open windows: ${open || "none"})`,
    },
  };
}

function titleTaken(point: Point, window: DesktopWindow, count: number): Refused {
  return {
    ok: false,
    point,
    error: {
      code: "window_ambiguous",
      message: `${count} windows have the title "${window.title}": swarm could not tell them apart`,
      hint: "close or rename the others, then calibrate again",
    },
  };
}

function placeTaken(point: Point, agent: string, owner: string): Refused {
  return {
    ok: false,
    point,
    error: {
      code: "window_ambiguous",
      message: `the input field at ${point.x}, ${point.y} is that of ${owner}: what is sent to ${agent} would arrive there too; nothing was typed`,
      hint: `put the pointer over the field of ${agent}; if ${owner} is somewhere else now, show swarm that first: swarm calibrate ${owner}`,
    },
  };
}
