import { deflateSync } from "node:zlib";
import Jimp from "jimp";
import { describe, expect, it } from "vitest";
import type { DesktopLook, WindowLook } from "../../../src/app/look-at-windows.ts";
import { drawPicture } from "../../../src/app/picture/draw-picture.ts";
import { legendItems } from "../../../src/app/picture/legend.ts";
import type { Rect } from "../../../src/domain/agent.ts";
import type { ScreenImage } from "../../../src/ports/desktop.ts";

const AREA = { x: 0, y: 0, width: 800, height: 600 };
const GROUND = [10, 20, 30];
const FRESH = [0, 150, 80];

/** A screen of one colour, shown `scale` times as large as it counts. */
function screenOf(area: Rect, scale = 1): ScreenImage {
  const [width, height] = [area.width * scale, area.height * scale];
  const pixels = Buffer.alloc(width * height * 4, Buffer.from([...GROUND, 255]));
  return { area, width, height, pixels: deflateSync(pixels).toString("base64") };
}

function lookOf(name: string, rect: Rect, changes: Partial<WindowLook> = {}): WindowLook {
  const window = {
    ...{ id: name, title: `${name} - Chat`, pid: null, rect },
    ...{ isActive: false, isMinimised: false, isDialog: false },
  };
  const input = { x: 50, y: 60, from: "top-left" } as const;
  return {
    agent: { name, transport: "desktop", profile: "chat", windowTitle: window.title, input },
    window,
    point: { x: rect.x + input.x, y: rect.y + input.y },
    isSeen: true,
    ...{ cover: null, sharedWith: [], obstacle: null, staleness: null },
    ...changes,
  };
}

function desktopOf(looks: readonly WindowLook[], isWhole: boolean): DesktopLook {
  const windows = looks.flatMap(({ window }) => window ?? []);
  return { windows, layout: { screens: [AREA], isWhole }, pointer: { x: 0, y: 0 }, looks };
}

async function drawn(look: DesktopLook, image: ScreenImage) {
  const { png, width, height } = await drawPicture(look, image, 0);
  const picture = await Jimp.read(png);
  expect([picture.bitmap.width, picture.bitmap.height]).toEqual([width, height]);
  const colorAt = (x: number, y: number) => {
    const { r, g, b } = Jimp.intToRGBA(picture.getPixelColor(x, y));
    return [r, g, b];
  };
  return { width, height, colorAt };
}

describe("the picture", () => {
  it("covers windows left of the screen and above it, where others are not known", async () => {
    const look = desktopOf([lookOf("Left", { x: -300, y: -100, width: 200, height: 150 })], false);
    const { width, colorAt } = await drawn(look, screenOf(AREA));
    expect(width).toBe(1_100);
    expect(colorAt(1, 1)).toEqual(FRESH);
    expect(colorAt(50, 60)).toEqual(FRESH);
    expect(colorAt(301, 101)).toEqual(GROUND);
    expect(colorAt(301, 99)).not.toEqual(GROUND);
  });

  it("is not blown up by windows that are far away or minimised", async () => {
    const far = lookOf("Far", { x: -90_000, y: 0, width: 100, height: 100 });
    const hidden = lookOf("Hidden", { x: -32_000, y: -32_000, width: 100, height: 100 });
    const minimised = { ...hidden, window: hidden.window && { ...hidden.window, isMinimised: true } };
    expect((await drawn(desktopOf([minimised], false), screenOf(AREA))).width).toBe(800);
    expect((await drawn(desktopOf([far], false), screenOf(AREA))).width).toBeLessThan(10_000);
  });

  it("is right where the system shows more pixels than it counts", async () => {
    const look = desktopOf([lookOf("Sharp", { x: 100, y: 200, width: 300, height: 200 })], true);
    const { width, colorAt } = await drawn(look, screenOf(AREA, 2));
    expect(width).toBe(1_600);
    expect(colorAt(201, 401)).toEqual(FRESH);
    expect(colorAt(300, 520)).toEqual(FRESH);
    expect(colorAt(199, 399)).toEqual(GROUND);
  });

  it("marks all windows that bear an agent's title, for none of them is known to be its", async () => {
    const error = { code: "window_ambiguous", message: "m", hint: "h" } as const;
    const one = lookOf("Twin", { x: 10, y: 10, width: 100, height: 100 });
    const other = lookOf("Twin", { x: 400, y: 10, width: 100, height: 100 });
    const twin = { ...one, window: null, point: null, isSeen: false, obstacle: error, staleness: error };
    const windows = [one.window, other.window].filter((window) => window !== null);
    const { colorAt } = await drawn({ ...desktopOf([twin], true), windows }, screenOf(AREA));
    expect([colorAt(11, 11), colorAt(401, 11)]).toEqual([
      [214, 0, 110],
      [214, 0, 110],
    ]);
  });

  it("says below what is wrong, what to do, and which windows can't be seen", () => {
    const rect = { x: 0, y: 0, width: 200, height: 150 };
    const error = { code: "window_not_found", message: "no window", hint: "open it" } as const;
    const front = lookOf("Front", rect);
    const gone = lookOf("Gone", rect, { window: null, point: null, obstacle: error, staleness: error });
    const behind = ["A", "B"].map((name) => lookOf(name, rect, { isSeen: false, cover: front.window }));
    const texts = legendItems(desktopOf([gone, front, ...behind], true), 0).map(({ kind, text }) => [
      kind,
      text,
    ]);
    expect(texts.slice(1)).toEqual([
      ["stale", "Gone: no window. To do: open it"],
      ["unseen", 'Not to be seen now, and raised for a message: A, B (behind "Front - Chat")'],
      ["fresh", "Fresh: Front, A, B"],
    ]);
    expect(texts[0]?.[1]).toMatch(/^Agents in windows: 3 fresh, 1 stale\. /);
  });
});
