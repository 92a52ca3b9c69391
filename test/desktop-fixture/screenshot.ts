import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { openClient } from "./x-client.ts";

const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;

/** Writes what the root window of a display with 24-bit colours shows as a PNG file. */
export async function saveScreenshot(displayName: string, path: string): Promise<void> {
  const { client, screen } = await openClient(displayName);
  const {
    root,
    pixel_width: width,
    pixel_height: height,
  } = screen[0] ?? { root: 0, pixel_width: 0, pixel_height: 0 };
  try {
    const { data } = await new Promise<{ readonly data: Buffer }>((resolve, reject) =>
      client.GetImage(Z_PIXMAP, root, 0, 0, width, height, ALL_PLANES, (error, image) =>
        error ? reject(error) : resolve(image),
      ),
    );
    writeFileSync(path, png(data, width, height));
  } finally {
    client.close();
  }
}

/** PNG of pixels given as blue, green, red, unused. */
function png(pixels: Buffer, width: number, height: number): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  let to = 0;
  for (let y = 0; y < height; y++) {
    // Each row begins with its filter: none.
    rows[to++] = 0;
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      for (const channel of [2, 1, 0]) rows[to++] = pixels[from + channel] ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits for each of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
