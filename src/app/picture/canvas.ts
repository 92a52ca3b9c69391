/** What can be drawn on, and the letters for it; the only file that loads jimp, which takes a while. */
import { inflateSync } from "node:zlib";
import type { Point, Rect } from "../../domain/agent.ts";
import type { ScreenImage } from "../../ports/desktop.ts";

/** Red, green, blue. */
export type Color = readonly [number, number, number];

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Height of a line of text, in pixels. */
  readonly lineHeight: number;
  textWidth(text: string): number;
  /** White letters; those that the font lacks become `?`. */
  text(text: string, at: Point): void;
  fill(rect: Rect, color: Color): void;
  /** `dash`: so long are the strokes and the gaps, in pixels; 0: one stroke. */
  frame(rect: Rect, thickness: number, color: Color, dash: number): void;
  line(from: Point, to: Point, color: Color): void;
  png(): Promise<Buffer>;
}

export interface Surface {
  readonly width: number;
  readonly height: number;
  readonly ground: Color;
  readonly image: Pick<ScreenImage, "width" | "height" | "pixels">;
  /** Where the image lies. */
  readonly at: Point;
}

export type Letters = Pick<Canvas, "lineHeight" | "textWidth">;

/** From here on letters of 16 pixels are too small: the picture is looked at as a whole. */
const LARGE_WIDTH = 3_200;
const CHANNELS = 4;
/** The usual level takes a second for a large screen, and saves little. */
const QUICK = 3;
const OPAQUE = 0xff;

export interface Studio {
  readonly letters: Letters;
  canvas(surface: Surface): Canvas;
}

/** `width`: of the picture that is to be made. */
export async function openStudio(width: number): Promise<Studio> {
  const { default: jimp } = await import("jimp");
  const isLarge = width > LARGE_WIDTH;
  const font = await jimp.loadFont(isLarge ? jimp.FONT_SANS_32_WHITE : jimp.FONT_SANS_16_WHITE);
  const known = (text: string) => [...text].map((letter) => (letter in font.chars ? letter : "?")).join("");
  const letters: Letters = {
    lineHeight: font.common.lineHeight,
    textWidth: (text) => jimp.measureText(font, known(text)),
  };
  return {
    letters,
    canvas(surface) {
      const picture = new jimp(surface.width, surface.height).deflateLevel(QUICK);
      const { data } = picture.bitmap;
      const fill = filler(data, surface);
      fill({ x: 0, y: 0, width: surface.width, height: surface.height }, surface.ground);
      copy(surface, data);
      return {
        ...letters,
        width: surface.width,
        height: surface.height,
        text: (text, { x, y }) => void picture.print(font, x, y, known(text)),
        fill,
        frame: (rect, thickness, color, dash) => frame(fill, rect, thickness, color, dash),
        line: (from, to, color) => line(fill, from, to, color),
        png: () => picture.getBufferAsync(jimp.MIME_PNG),
      };
    },
  };
}

type Fill = Canvas["fill"];

function filler(data: Buffer, { width, height }: Surface): Fill {
  return (rect, [red, green, blue]) => {
    const left = Math.max(0, rect.x);
    const right = Math.min(width, rect.x + rect.width);
    const bottom = Math.min(height, rect.y + rect.height);
    for (let y = Math.max(0, rect.y); y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = (y * width + x) * CHANNELS;
        data[at] = red;
        data[at + 1] = green;
        data[at + 2] = blue;
        data[at + 3] = OPAQUE;
      }
    }
  };
}

/** The image lies within the surface as a whole. */
function copy({ width, image, at }: Surface, data: Buffer): void {
  const pixels = inflateSync(Buffer.from(image.pixels, "base64"));
  const rowBytes = image.width * CHANNELS;
  for (let y = 0; y < image.height; y++)
    pixels.copy(data, ((y + at.y) * width + at.x) * CHANNELS, y * rowBytes, (y + 1) * rowBytes);
}

/** Inside of the edge. */
function frame(fill: Fill, rect: Rect, thickness: number, color: Color, dash: number): void {
  const { x, y, width, height } = rect;
  const strokes = (length: number) =>
    dash === 0
      ? [[0, length] as const]
      : Array.from({ length: Math.ceil(length / (dash * 2)) }, (_, i) => {
          const start = i * dash * 2;
          return [start, Math.min(dash, length - start)] as const;
        });
  for (const [start, length] of strokes(width)) {
    fill({ x: x + start, y, width: length, height: thickness }, color);
    fill({ x: x + start, y: y + height - thickness, width: length, height: thickness }, color);
  }
  for (const [start, length] of strokes(height)) {
    fill({ x, y: y + start, width: thickness, height: length }, color);
    fill({ x: x + width - thickness, y: y + start, width: thickness, height: length }, color);
  }
}

function line(fill: Fill, from: Point, to: Point, color: Color): void {
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(from.x + ((to.x - from.x) * step) / steps);
    const y = Math.round(from.y + ((to.y - from.y) * step) / steps);
    fill({ x, y, width: 2, height: 2 }, color);
  }
}
