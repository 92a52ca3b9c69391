import { describe, expect, it } from "vitest";
import { clickPlaces } from "../../src/desktop/click-places.ts";

const WINDOW = { x: 100, y: 50, width: 400, height: 300 };

describe("the places of clicks that follow each other", () => {
  const start = () => {
    let at = 0;
    const places = clickPlaces(() => at);
    return (x: number, afterMs = 100) => {
      at += afterMs;
      const place = places.near({ x, y: 200 }, WINDOW);
      places.clicked(place);
      return place.x;
    };
  };

  it("are never the same twice in a row within a second", () => {
    const click = start();
    // ProseMirror takes what is less than 10 pixels apart for one place.
    expect([click(200), click(200), click(200), click(200)]).toEqual([200, 212, 200, 212]);
  });

  it("are where they were asked for when there is time in between, or room", () => {
    const click = start();
    expect([click(200), click(200, 1_001), click(212), click(200), click(250)]).toEqual([
      200, 200, 212, 200, 250,
    ]);
  });

  it("lie towards the middle of the window", () => {
    const click = start();
    expect([click(480), click(480)]).toEqual([480, 468]);
  });

  it("are counted only where a click was made", () => {
    const places = clickPlaces(() => 0);
    expect(places.near({ x: 1, y: 1 }, WINDOW)).toEqual({ x: 1, y: 1 });
    expect(places.near({ x: 1, y: 1 }, WINDOW)).toEqual({ x: 1, y: 1 });
  });
});
