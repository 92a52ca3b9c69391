/** What an agent is: a named recipient and the way to it. Parsed from `swarm.json` by `config`. */

export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export type Corner = "top-left" | "top-right" | "bottom-left" | "bottom-right";

/** Pixels from a corner of the window, or from the top left of the screen. Negative values count back. */
export interface InputPoint {
  readonly x: number;
  readonly y: number;
  readonly from: Corner | "screen";
}

export interface InboxAgent {
  readonly name: string;
  readonly transport: "inbox";
}

export interface DesktopAgent {
  readonly name: string;
  readonly transport: "desktop";
  readonly profile: string;
  /** Exact title, or `/regex/flags`. */
  readonly windowTitle: string;
  readonly input: InputPoint;
}

export interface TmuxAgent {
  readonly name: string;
  readonly transport: "tmux";
  /** Any tmux target that names exactly one pane. */
  readonly pane: string;
  /** A `-L` name, or a path for `-S`. */
  readonly socket: string;
  /** Null: chosen by what runs in the pane. */
  readonly profile: string | null;
}

export type Agent = InboxAgent | TmuxAgent | DesktopAgent;
export type TransportName = Agent["transport"];

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function isInside(point: Point, rect: Rect): boolean {
  return (
    point.x >= rect.x && point.y >= rect.y && point.x < rect.x + rect.width && point.y < rect.y + rect.height
  );
}

/** The input point on the screen for a window at `window`. */
export function screenPoint(input: InputPoint, window: Rect): Point {
  if (input.from === "screen") return { x: input.x, y: input.y };
  const right = input.from.endsWith("right");
  const bottom = input.from.startsWith("bottom");
  return {
    x: right ? window.x + window.width - Math.abs(input.x) : fromStart(window.x, window.width, input.x),
    y: bottom ? window.y + window.height - Math.abs(input.y) : fromStart(window.y, window.height, input.y),
  };
}

function fromStart(start: number, length: number, value: number): number {
  return value < 0 ? start + length + value : start + value;
}

/** True when `title` is what `pattern` (exact text, or `/regex/flags`) names. An invalid regex matches nothing. */
export function titleMatches(pattern: string, title: string): boolean {
  const regex = /^\/(.*)\/([dimsuvy]*)$/s.exec(pattern);
  if (!regex) return pattern === title;
  try {
    return new RegExp(regex[1] ?? "", regex[2]).test(title);
  } catch {
    return false;
  }
}
