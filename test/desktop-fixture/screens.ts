import { openClient } from "./x-client.ts";

type Reply<T> = (error: Error | null, value: T) => void;

/** What is used of the RANDR extension in the `x11` package. */
export interface Randr {
  GetScreenResourcesCurrent(
    root: number,
    reply: Reply<{ readonly crtcs: readonly number[]; readonly outputs: readonly number[] }>,
  ): void;
  CreateMode(root: number, mode: object, reply: Reply<number>): void;
  AddOutputMode(output: number, mode: number): void;
  SetCrtcConfig(
    crtc: number,
    time: number,
    configTime: number,
    x: number,
    y: number,
    mode: number,
    rotation: number,
    outputs: readonly number[],
    reply: Reply<{ readonly status: number }>,
  ): void;
}

let lastMode = 0;

/**
 * The one screen of the desktop shows a part of this size and place from now on, as when a person changes its resolution.
 * The display itself stays as large as it was.
 */
export async function showPart(
  display: string,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<void> {
  const { client, screen } = await openClient(display);
  const root = screen[0]?.root ?? 0;
  const ask = <T>(question: (reply: Reply<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => question((error, value) => (error ? reject(error) : resolve(value))));
  try {
    const randr = await ask<Randr>((reply) => client.require("randr", reply));
    const { crtcs, outputs } = await ask<{ crtcs: readonly number[]; outputs: readonly number[] }>((reply) =>
      randr.GetScreenResourcesCurrent(root, reply),
    );
    const [crtc = 0] = crtcs;
    const [output = 0] = outputs;
    const name = `${part.width}x${part.height}-${process.pid}-${++lastMode}`;
    const mode = await ask<number>((reply) =>
      randr.CreateMode(root, { name, width: part.width, height: part.height }, reply),
    );
    randr.AddOutputMode(output, mode);
    const { status } = await ask<{ status: number }>((reply) =>
      randr.SetCrtcConfig(crtc, 0, 0, part.x, part.y, mode, 1, [output], reply),
    );
    if (status !== 0) throw new Error(`the screen could not be changed: ${status}`);
  } finally {
    client.close();
  }
}
