import { createRequire } from "node:module";

import type { Randr } from "./screens.ts";

// What is used of the `x11` package, which has no types. The fixture shares no code with what it tests.
type Reply<T> = (error: Error | null, value: T) => void;
export interface Client {
  GetImage(
    format: number,
    drawable: number,
    x: number,
    y: number,
    width: number,
    height: number,
    planes: number,
    reply: Reply<{ readonly data: Buffer }>,
  ): void;
  InternAtom(onlyIfExists: boolean, name: string, reply: Reply<number>): void;
  SendClientMessage(
    destination: number,
    window: number,
    type: number,
    format: number,
    data: readonly number[],
  ): void;
  require(extension: "randr", reply: Reply<Randr>): void;
  close(): void;
}
interface Display {
  readonly client: Client;
  readonly screen: readonly {
    readonly root: number;
    readonly pixel_width: number;
    readonly pixel_height: number;
  }[];
}
interface X11 {
  createClient(
    options: { readonly display: string },
    reply: Reply<Display>,
  ): { on(event: "error", listener: (error: Error) => void): void };
}

/** A connection to an X server, for what the command line tools can't do. */
export function openClient(display: string): Promise<Display> {
  const x11 = createRequire(import.meta.url)("x11") as X11;
  return new Promise((resolve, reject) =>
    x11
      .createClient({ display }, (error, value) => (error ? reject(error) : resolve(value)))
      .on("error", reject),
  );
}

/** Asks the window manager to close a window, as its close button does. */
export async function closeWindow(displayName: string, window: number): Promise<void> {
  const { client, screen } = await openClient(displayName);
  try {
    const message = await new Promise<number>((resolve, reject) =>
      client.InternAtom(false, "_NET_CLOSE_WINDOW", (error, atom) => (error ? reject(error) : resolve(atom))),
    );
    // No time, from a pager.
    client.SendClientMessage(screen[0]?.root ?? 0, window, message, 32, [0, 2]);
  } finally {
    client.close();
  }
}
