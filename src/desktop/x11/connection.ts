/** A connection to an X server that types, and hears what anybody else presses. */
import type { Rect } from "../../domain/agent.ts";
import { connectDisplay, type DisplayConnection } from "./display-connection.ts";
import { countPresses, type Presses } from "./presses.ts";

export type { WindowId } from "./display-connection.ts";

export interface Xtest {
  FakeInput(type: number, detail: number, time: number, window: number, x: number, y: number): void;
}
interface ScreenSaver {
  QueryInfo(
    drawable: number,
    reply: (
      error: Error | null,
      value: { readonly state: number; readonly idle: number; readonly kind: number },
    ) => void,
  ): void;
}

export interface Randr {
  GetScreenResourcesCurrent(
    window: number,
    reply: (
      error: Error | null,
      value: { readonly crtcs: readonly number[]; readonly config_timestamp: number },
    ) => void,
  ): void;
  GetCrtcInfo(
    crtc: number,
    configTime: number,
    reply: (error: Error | null, value: Rect & { readonly mode: number }) => void,
  ): void;
}

export interface XConnection extends DisplayConnection {
  /** Tells the screens; null on displays without. */
  readonly randr: Randr | null;
  readonly xtest: Xtest;
  readonly screenSaver: ScreenSaver | null;
  /** Keys and buttons that anybody else has pressed. Exact after `sync`. */
  readonly presses: Presses;
}

/** As `connectDisplay`; rejects as well when the display has no XTEST. */
export async function connectX11(displayName: string, onLost: (cause: Error) => void): Promise<XConnection> {
  const connection = await connectDisplay(displayName, onLost);
  const { client, root, ask } = connection;
  const screenSaver = await ask<ScreenSaver>((r) => client.require("screen-saver", r)).catch(() => null);
  const randr = await ask<Randr>((r) => client.require("randr", r)).catch(() => null);
  const presses = await countPresses(client, root, async () => {
    const now = performance.now();
    if (screenSaver === null) return now;
    return now - (await ask<{ idle: number }>((r) => screenSaver.QueryInfo(root, r))).idle;
  });
  const xtest = await ask<Xtest>((r) => client.require("xtest", r));
  return {
    ...connection,
    randr,
    xtest: {
      FakeInput(type, code, ...rest) {
        presses.sent(type, code);
        xtest.FakeInput(type, code, ...rest);
      },
    },
    presses,
    screenSaver,
  };
}
