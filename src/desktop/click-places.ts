/**
 * Keeps clicks apart. A third click at one place in quick succession selects a paragraph: an empty Lexical editor then
 * loses the paste that follows, and a filled one has its text replaced. Messages come that quickly.
 */
import type { Point, Rect } from "../domain/agent.ts";

export interface ClickPlaces {
  /** Where to click for `point` in a window at `rect`: there, or a little aside of the click before. */
  near(point: Point, rect: Rect): Point;
  clicked(point: Point): void;
}

/** Longer than any system takes two clicks for one. */
const APART_MS = 1_000;
/** Further than any system or editor takes two clicks for one (ProseMirror: 10), and less than any field is wide. In pixels. */
const APART = 12;

/** `now`: milliseconds that only grow. */
export function clickPlaces(now: () => number): ClickPlaces {
  let last: { readonly at: number; readonly point: Point } | null = null;
  return {
    near(point, rect) {
      const isApart =
        last === null ||
        now() - last.at > APART_MS ||
        Math.abs(last.point.x - point.x) >= APART ||
        Math.abs(last.point.y - point.y) >= APART;
      if (isApart) return point;
      const isInLeftHalf = point.x < rect.x + rect.width / 2;
      return { x: point.x + (isInLeftHalf ? APART : -APART), y: point.y };
    },
    clicked(point) {
      last = { at: now(), point };
    },
  };
}
