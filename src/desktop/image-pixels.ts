/** Pixels as the driver hands them over: red, green, blue and opacity, deflated, in base64. */
import { deflateSync } from "node:zlib";

export interface SystemPixels {
  readonly width: number;
  readonly height: number;
  /** Blue, green, red and a byte that means nothing, as both ways to a desktop give them. */
  readonly bytes: Buffer;
  /** Bytes from one row to the next. */
  readonly rowBytes: number;
}

const BYTES_PER_PIXEL = 4;
/** Areas of one colour, of which a screen mostly consists, are small already at the quickest. */
const QUICK = 1;

export function packedPixels({ width, height, bytes, rowBytes }: SystemPixels): string {
  const rgba = Buffer.allocUnsafe(width * height * BYTES_PER_PIXEL);
  for (let row = 0, to = 0; row < height; row++) {
    const end = row * rowBytes + width * BYTES_PER_PIXEL;
    for (let from = row * rowBytes; from < end; from += BYTES_PER_PIXEL, to += BYTES_PER_PIXEL) {
      rgba[to] = bytes[from + 2] ?? 0;
      rgba[to + 1] = bytes[from + 1] ?? 0;
      rgba[to + 2] = bytes[from] ?? 0;
      rgba[to + 3] = 0xff;
    }
  }
  return deflateSync(rgba, { level: QUICK }).toString("base64");
}
