/** Where names stand on a picture: beside what they name, and not over each other. */
import type { Point, Rect } from "../../domain/agent.ts";

export interface Wanted {
  /** What is named; the label comes to stand as near as there is room. */
  readonly point: Point;
  readonly width: number;
  readonly height: number;
}

/** Between two labels, in pixels. */
const GAP = 4;
/** From a point to its label, in heights of a label: what marks the point needs room. */
const BESIDE = 0.9;
/** Further away nobody finds what belongs together; rather one over the other. In heights of a label. */
const MOST_STEPS = 60;

/** A place for each, in their order. `taken` is kept free. */
export function placeLabels(
  wanted: readonly Wanted[],
  within: Rect,
  taken: readonly Rect[],
): readonly Rect[] {
  const used = [...taken];
  return wanted.map((label) => {
    const places = candidates(label).map((place) => movedInto(place, within));
    const free = places.find((place) => !used.some((other) => isNear(place, other))) ?? places[0];
    const chosen = free ?? { ...label.point, width: label.width, height: label.height };
    used.push(chosen);
    return chosen;
  });
}

/** Right and left of the point, then row by row further down and up. */
function candidates({ point, width, height }: Wanted): readonly Rect[] {
  const rows = Array.from({ length: MOST_STEPS }, (_, step) =>
    step === 0 ? [0] : [step * (height + GAP), -step * (height + GAP)],
  ).flat();
  const beside = Math.round(height * BESIDE);
  const columns = [point.x + beside, point.x - beside - width, point.x + beside + width + GAP];
  return rows.flatMap((row) =>
    columns.map((x) => ({ x, y: Math.round(point.y - height / 2 + row), width, height })),
  );
}

function movedInto(place: Rect, within: Rect): Rect {
  const x = Math.max(within.x, Math.min(place.x, within.x + within.width - place.width));
  const y = Math.max(within.y, Math.min(place.y, within.y + within.height - place.height));
  return { ...place, x, y };
}

function isNear(one: Rect, other: Rect): boolean {
  return (
    one.x < other.x + other.width + GAP &&
    other.x < one.x + one.width + GAP &&
    one.y < other.y + other.height + GAP &&
    other.y < one.y + one.height + GAP
  );
}
