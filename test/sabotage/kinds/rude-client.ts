import { connectX11, type WindowId, type XConnection } from "../../../src/desktop/x11/connection.ts";
import type { Rect } from "../../../src/domain/agent.ts";

/** What programs can do to windows that are not theirs. */
export interface RudeClient {
  readonly x: XConnection;
  raise(window: WindowId): void;
  place(window: WindowId, rect: Rect): void;
  /** Past the window manager. */
  setFocus(window: WindowId): void;
  /** A window of its own; the keys that are pressed in it are told. */
  open(title: string, rect: Rect, onKey: () => void): WindowId;
  close(window: WindowId): void;
}

/** Requests of the `x11` package that swarm has no use for. */
interface Requests {
  RaiseWindow(window: WindowId): void;
  MoveResizeWindow(window: WindowId, x: number, y: number, width: number, height: number): void;
  SetInputFocus(window: WindowId, revertTo: number): void;
  DestroyWindow(window: WindowId): void;
}

const KEY_PRESS_MASK = 1;
const KEY_PRESS = 2;
const REVERT_TO_PARENT = 2;
const REPLACE = 0;

export async function rudeClient(display: string): Promise<RudeClient> {
  const x = await connectX11(display, () => process.exit());
  const requests = x.client as unknown as Requests;
  const property = (window: WindowId, name: string, value: string) =>
    x.client.ChangeProperty(REPLACE, window, x.atom(name), x.atom("UTF8_STRING"), 8, Buffer.from(value));
  return {
    x,
    raise: (window) => requests.RaiseWindow(window),
    place: (window, { x: left, y, width, height }) =>
      requests.MoveResizeWindow(window, ...([left, y, width, height].map(Math.round) as Four)),
    setFocus: (window) => requests.SetInputFocus(window, REVERT_TO_PARENT),
    open(title, rect, onKey) {
      const window = x.client.AllocID();
      x.client.CreateWindow(window, x.root, rect.x, rect.y, rect.width, rect.height, 0, 0, 0, 0, {
        eventMask: KEY_PRESS_MASK,
      });
      property(window, "_NET_WM_NAME", title);
      property(window, "WM_NAME", title);
      x.onEvent((event) => {
        if (event.type === KEY_PRESS && event["wid"] === window) onKey();
      });
      x.client.MapWindow(window);
      return window;
    },
    close: (window) => requests.DestroyWindow(window),
  };
}

type Four = [number, number, number, number];
