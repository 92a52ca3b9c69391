/** The desktop as it is, with each agent's window, input point and name on it, and what is wrong below. */
import { type Point, type Rect, titleMatches } from "../../domain/agent.ts";
import type { DesktopWindow, ScreenImage } from "../../ports/desktop.ts";
import type { DesktopLook, WindowLook } from "../look-at-windows.ts";
import { type Canvas, type Color, openStudio } from "./canvas.ts";
import { placeLabels } from "./labels.ts";
import { type LegendLine, legendItems, legendLines } from "./legend.ts";

export interface Picture {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Told apart by people who see no difference between red and green, and by dashes. */
const COLORS = {
  fresh: [0, 150, 80],
  stale: [214, 0, 110],
  unseen: [60, 66, 76],
} as const satisfies Record<string, Color>;
const WHITE: Color = [255, 255, 255];
const BLACK: Color = [0, 0, 0];
const LEGEND_GROUND: Color = [24, 26, 31];

/** Of letters; the rest is drawn in proportion. In pixels. */
const USUAL_LINE = 18;
/** Windows may lie beside the screen that is known; but not so far that nothing can be seen any more. In pixels. */
const FURTHEST = 8_192;

/** `at`: when it was looked, milliseconds since 1970. */
export async function drawPicture(look: DesktopLook, image: ScreenImage, at: number): Promise<Picture> {
  const scale = image.width / image.area.width;
  const area = look.layout.isWhole ? image.area : withWindows(image.area, look.looks);
  const toPixels = (point: Point): Point => ({
    x: Math.round((point.x - area.x) * scale),
    y: Math.round((point.y - area.y) * scale),
  });
  const [width, shownHeight] = [Math.round(area.width * scale), Math.round(area.height * scale)];
  const studio = await openStudio(width);
  const lines = legendLines(legendItems(look, at), width, studio.letters);
  const height = shownHeight + lines.height;
  const corner = toPixels(image.area);
  const canvas = studio.canvas({ width, height, ground: LEGEND_GROUND, image, at: corner });
  const marks = look.looks.map((each) => markOf(each, look.windows, toPixels, scale));
  drawMarks(canvas, marks, { x: 0, y: 0, width, height: shownHeight });
  drawLegend(canvas, lines.items, shownHeight);
  return { png: await canvas.png(), width, height };
}

function withWindows(area: Rect, looks: readonly WindowLook[]): Rect {
  const rects = looks.flatMap(({ window }) => (window === null || window.isMinimised ? [] : [window.rect]));
  const all = [area, ...rects];
  const [x, y] = [Math.min(...all.map((rect) => rect.x)), Math.min(...all.map((rect) => rect.y))];
  const [left, top] = [Math.max(x, area.x - FURTHEST), Math.max(y, area.y - FURTHEST)];
  const right = Math.min(Math.max(...all.map((rect) => rect.x + rect.width)), area.x + area.width + FURTHEST);
  const end = Math.min(Math.max(...all.map((rect) => rect.y + rect.height)), area.y + area.height + FURTHEST);
  return { x: left, y: top, width: right - left, height: end - top };
}

interface Mark {
  readonly name: string;
  readonly color: Color;
  readonly isFresh: boolean;
  /** Nothing lies over its input point. */
  readonly isSeen: boolean;
  readonly frames: readonly Rect[];
  readonly point: Point | null;
  /** What its name stands beside; null: it can be seen nowhere. */
  readonly named: Point | null;
}

function markOf(
  { agent, window, point, isSeen, staleness }: WindowLook,
  windows: readonly DesktopWindow[],
  toPixels: (point: Point) => Point,
  scale: number,
): Mark {
  // Of several windows with the title none is the agent's: all are shown.
  const all = window ? [window] : windows.filter(({ title }) => titleMatches(agent.windowTitle, title));
  const frames = all
    .filter(({ isMinimised }) => !isMinimised)
    .map(({ rect }) => ({
      ...toPixels(rect),
      width: Math.round(rect.width * scale),
      height: Math.round(rect.height * scale),
    }));
  const [frame] = frames;
  const cross = point !== null && frame ? toPixels(point) : null;
  const isFresh = staleness === null;
  return {
    name: agent.name,
    color: isFresh ? COLORS.fresh : COLORS.stale,
    isFresh,
    isSeen,
    frames,
    point: cross,
    named: cross ?? frame ?? null,
  };
}

/** What needs a person first, and what lies behind other windows last: the first gets the best place, and is drawn last. */
function drawMarks(canvas: Canvas, marks: readonly Mark[], shown: Rect): void {
  const unit = canvas.lineHeight / USUAL_LINE;
  const rank = ({ isFresh, isSeen }: Mark) => (isFresh ? (isSeen ? 1 : 2) : 0);
  const ordered = marks.toSorted((a, b) => rank(a) - rank(b));
  for (const mark of ordered.toReversed()) drawFrames(canvas, mark, unit);
  const named = ordered.flatMap((mark) => (mark.named ? [{ mark, point: clamped(mark.named, shown) }] : []));
  const padding = Math.round(5 * unit);
  const wanted = named.map(({ mark, point }) => ({
    point,
    width: canvas.textWidth(mark.name) + padding * 2,
    height: canvas.lineHeight + padding,
  }));
  const arm = Math.round(12 * unit);
  const crosses = named.map(({ point: { x, y } }) => ({
    ...{ x: x - arm, y: y - arm },
    ...{ width: arm * 2, height: arm * 2 },
  }));
  const places = placeLabels(wanted, shown, crosses);
  const labelled = named
    .map((each, i) => ({ ...each, place: places[i] ?? { ...each.point, width: 0, height: 0 } }))
    .toReversed();
  for (const { mark, point, place } of labelled) canvas.line(point, nearest(place, point), mark.color);
  for (const { mark } of labelled) if (mark.point) drawCross(canvas, mark.point, arm, unit, mark.color);
  for (const { mark, place } of labelled) drawLabel(canvas, mark, place, padding);
}

function drawFrames(canvas: Canvas, { frames, color, isFresh, isSeen }: Mark, unit: number): void {
  for (const rect of frames) {
    const thickness = Math.round((isSeen || !isFresh ? 3 : 1) * unit);
    canvas.frame(rect, thickness, color, isFresh ? 0 : Math.round(12 * unit));
  }
}

function drawCross(canvas: Canvas, { x, y }: Point, arm: number, unit: number, color: Color): void {
  const strokes: readonly (readonly [number, Color])[] = [
    [3, BLACK],
    [2, WHITE],
    [1, color],
  ];
  for (const [half, stroke] of strokes) {
    const [thick, long] = [Math.round(half * unit), arm + Math.round((half - 1) * unit)];
    canvas.fill({ x: x - long, y: y - thick, width: long * 2 + 1, height: thick * 2 + 1 }, stroke);
    canvas.fill({ x: x - thick, y: y - long, width: thick * 2 + 1, height: long * 2 + 1 }, stroke);
  }
}

function drawLabel(
  canvas: Canvas,
  { name, color, isFresh, isSeen }: Mark,
  place: Rect,
  padding: number,
): void {
  const isStrong = isSeen || !isFresh;
  canvas.fill(place, isStrong ? color : COLORS.unseen);
  canvas.frame(place, 1, isStrong ? WHITE : color, 0);
  canvas.text(name, { x: place.x + padding, y: place.y + Math.floor(padding / 2) });
}

function drawLegend(canvas: Canvas, items: readonly LegendLine[], top: number): void {
  for (const { kind, at, lines } of items) {
    const { lineHeight } = canvas;
    const size = Math.round(lineHeight * 0.6);
    const y = top + at.y;
    if (kind !== "title")
      canvas.fill(
        { x: at.x - Math.round(size * 1.6), y: y + Math.round(lineHeight * 0.25), width: size, height: size },
        COLORS[kind],
      );
    for (const [i, line] of lines.entries()) canvas.text(line, { x: at.x, y: y + i * lineHeight });
  }
}

function clamped({ x, y }: Point, within: Rect): Point {
  return { x: Math.min(Math.max(x, 0), within.width - 1), y: Math.min(Math.max(y, 0), within.height - 1) };
}

function nearest(rect: Rect, { x, y }: Point): Point {
  return {
    x: Math.min(Math.max(x, rect.x), rect.x + rect.width),
    y: Math.min(Math.max(y, rect.y), rect.y + rect.height),
  };
}
