import fc from "fast-check";
import { expect, it } from "vitest";
import { fromNearestCorner } from "../../src/app/show-place.ts";
import { screenPoint } from "../../src/domain/agent.ts";

it("a captured point is seen from the nearest corner, so that resizing the window leaves it in its field", () => {
  const window = { x: 100, y: 50, width: 800, height: 600 };
  expect(fromNearestCorner({ x: 400, y: 580 }, window)).toEqual({ x: 300, y: -70, from: "bottom-left" });
  expect(fromNearestCorner({ x: 890, y: 60 }, window)).toEqual({ x: -10, y: 10, from: "top-right" });
});

it("a captured point is found again where it was", () => {
  const inWindow = fc.record({
    window: fc.record({
      x: fc.integer({ min: -2000, max: 2000 }),
      y: fc.integer({ min: -2000, max: 2000 }),
      width: fc.integer({ min: 1, max: 4000 }),
      height: fc.integer({ min: 1, max: 4000 }),
    }),
    across: fc.double({ min: 0, max: 0.999, noNaN: true }),
    down: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(inWindow, ({ window, across, down }) => {
      const point = {
        x: window.x + Math.floor(window.width * across),
        y: window.y + Math.floor(window.height * down),
      };
      expect(screenPoint(fromNearestCorner(point, window), window)).toEqual(point);
    }),
  );
});
