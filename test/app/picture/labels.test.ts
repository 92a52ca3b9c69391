import fc from "fast-check";
import { expect, it } from "vitest";
import { placeLabels } from "../../../src/app/picture/labels.ts";
import type { Rect } from "../../../src/domain/agent.ts";

const SCREEN = { x: 0, y: 0, width: 1_600, height: 1_000 };
const LABEL = { width: 70, height: 22 };

const isOver = (one: Rect, other: Rect) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

it("fifty names stand on the screen and not over each other, wherever their points lie", () => {
  const point = fc.record({ x: fc.integer({ min: 0, max: 1_599 }), y: fc.integer({ min: 0, max: 999 }) });
  fc.assert(
    fc.property(fc.array(point, { maxLength: 50 }), (points) => {
      const places = placeLabels(
        points.map((each) => ({ point: each, ...LABEL })),
        SCREEN,
        [],
      );
      for (const [i, place] of places.entries()) {
        expect(isOver(place, SCREEN)).toBe(true);
        expect(place.x).toBeGreaterThanOrEqual(0);
        expect(place.y + place.height).toBeLessThanOrEqual(SCREEN.height);
        for (const other of places.slice(i + 1)) expect(isOver(place, other)).toBe(false);
      }
    }),
    { numRuns: 50 },
  );
});

it("fifty names of one point, as of windows that lie over each other, all find room", () => {
  const places = placeLabels(
    Array.from({ length: 50 }, () => ({ point: { x: 800, y: 500 }, ...LABEL })),
    SCREEN,
    [],
  );
  expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(50);
});

it("a name stands beside its point, and keeps what is taken free", () => {
  const wanted = { point: { x: 100, y: 100 }, ...LABEL };
  expect(placeLabels([wanted], SCREEN, [])).toEqual([{ x: 120, y: 89, ...LABEL }]);
  const [place] = placeLabels([wanted], SCREEN, [{ x: 110, y: 80, width: 100, height: 40 }]);
  expect(place).toEqual({ x: 10, y: 89, ...LABEL });
});
