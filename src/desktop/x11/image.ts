/** What an X display shows, as an image. */
import { DesktopGone, type ScreenImage } from "../../ports/desktop.ts";
import { packedPixels } from "../image-pixels.ts";
import { refuse } from "../refusals.ts";
import type { XConnection } from "./connection.ts";
import { rootRect } from "./layout.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;
const BYTES_PER_PIXEL = 4;

/** Throws `DesktopGone` where the display has other colours than 8 bits of red, green and blue. */
export async function rootImage(x: XConnection): Promise<ScreenImage> {
  const area = await rootRect(x);
  const { width, height } = area;
  const { depth, data } = await x.ask<{ depth: number; data: Buffer }>((r) =>
    x.client.GetImage(Z_PIXMAP, x.root, 0, 0, width, height, ALL_PLANES, r),
  );
  const rowBytes = width * BYTES_PER_PIXEL;
  const isUsual = depth === 24 && data.length >= rowBytes * height && x.display.image_byte_order === 0;
  if (isUsual) return { area, width, height, pixels: packedPixels({ width, height, bytes: data, rowBytes }) };
  throw new DesktopGone(
    refuse(
      "desktop_unavailable",
      `a picture of a display with colours of ${depth} bits can't be made`,
      "use a display with 24 bits, or swarm calibrate --check, which needs no picture",
    ),
  );
}
