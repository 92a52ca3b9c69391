/** Which screens show a part of the X display, and where. */
import type { Rect } from "../../domain/agent.ts";
import type { Layout } from "../../ports/desktop.ts";
import type { XConnection } from "./connection.ts";

/** Asked anew each time: screens come and go while a driver runs. Where RANDR does not tell, the root window is the screen. */
export async function screenLayout(x: XConnection): Promise<Layout> {
  const screens = await shownParts(x).catch(() => []);
  return { screens: screens.length > 0 ? screens : [await rootRect(x)], isWhole: true };
}

/** All of the display, also what no screen shows. */
export async function rootRect(x: XConnection): Promise<Rect> {
  const { width, height } = await x.ask<{ width: number; height: number }>((r) =>
    x.client.GetGeometry(x.root, r),
  );
  return { x: 0, y: 0, width, height };
}

interface Part extends Rect {
  /** 0: switched off. */
  readonly mode: number;
}

async function shownParts(x: XConnection): Promise<readonly Rect[]> {
  const { randr } = x;
  if (randr === null) return [];
  const { crtcs, config_timestamp: time } = await x.ask<{
    crtcs: readonly number[];
    config_timestamp: number;
  }>((r) => randr.GetScreenResourcesCurrent(x.root, r));
  const parts = await Promise.all(crtcs.map((crtc) => x.ask<Part>((r) => randr.GetCrtcInfo(crtc, time, r))));
  return parts
    .filter(({ mode, width, height }) => mode !== 0 && width > 0 && height > 0)
    .map(({ x: left, y: top, width, height }) => ({ x: left, y: top, width, height }));
}
