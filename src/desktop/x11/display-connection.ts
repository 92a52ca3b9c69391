/** A connection to an X server: promises, named atoms, and whose a window is. What watches or types is in `connection.ts`. */
import x11, { type Display, type XClient, type XEvent } from "x11";

export type WindowId = number;

export interface Fixes {
  SelectSelectionInput(window: number, selection: number, mask: number): void;
}

export interface DisplayConnection {
  readonly client: XClient;
  readonly display: Display;
  readonly root: WindowId;
  readonly screen: { readonly width: number; readonly height: number };
  readonly fixes: Fixes;
  /** Rejects when the server refuses; the window may just have gone. */
  ask<T>(question: (reply: (error: Error | null, value: T) => void) => void): Promise<T>;
  atom(name: string): number;
  onEvent(listener: (event: XEvent) => void): () => void;
  /** A property as 32-bit numbers, or null when it is not there. */
  numbers(window: WindowId, property: string): Promise<readonly number[] | null>;
  /** A property as text, or null when it is not there. */
  text(window: WindowId, property: string): Promise<string | null>;
  /** True when both resources belong to the same client of the X server, that is to the same process. */
  isSameClient(a: number, b: number): boolean;
  /** The same number for all resources of one client. */
  clientOf(id: number): number;
  /** Resolves when the server has handled everything sent so far. */
  sync(): Promise<void>;
  close(): void;
}

const ATOMS = [
  "_NET_SUPPORTING_WM_CHECK",
  "_NET_CLIENT_LIST",
  "_NET_CLIENT_LIST_STACKING",
  "_NET_ACTIVE_WINDOW",
  "_NET_CURRENT_DESKTOP",
  "_NET_WM_NAME",
  "_NET_WM_DESKTOP",
  "_NET_WM_PID",
  "_NET_WM_STATE",
  "_NET_WM_STATE_HIDDEN",
  "_NET_WM_STATE_MODAL",
  "_NET_WM_WINDOW_TYPE",
  "_NET_WM_WINDOW_TYPE_DIALOG",
  "_NET_MOVERESIZE_WINDOW",
  "WM_NAME",
  "WM_STATE",
  "WM_CHANGE_STATE",
  "WM_TRANSIENT_FOR",
  "UTF8_STRING",
  "STRING",
  "TEXT",
  "text/plain;charset=utf-8",
  "text/plain",
  "TARGETS",
  "TIMESTAMP",
  "MULTIPLE",
  "INCR",
  "CLIPBOARD",
  "SWARM_TRANSFER",
  "SWARM_TIME",
  "SWARM_NOTHING",
] as const;

const MAX_PROPERTY_WORDS = 16 * 1024 * 1024;

/**
 * Connects to `displayName` (`:0`). Rejects when there is no such display, when it refuses, or has no XFIXES. `onLost` is
 * called once when the connection ends afterwards.
 */
export async function connectDisplay(
  displayName: string,
  onLost: (cause: Error) => void,
): Promise<DisplayConnection> {
  const display = await open(displayName, onLost);
  const client = display.client;
  const screen = display.screen[0];
  if (!screen) throw new Error(`display ${displayName} has no screen`);

  const ask: DisplayConnection["ask"] = (question) =>
    new Promise((resolve, reject) => question((error, value) => (error ? reject(error) : resolve(value))));
  const codes = await Promise.all(ATOMS.map((name) => ask<number>((r) => client.InternAtom(false, name, r))));
  const atoms = new Map<string, number>(ATOMS.map((name, i) => [name, codes[i] ?? 0]));
  const atom = (name: string): number => {
    const code = atoms.get(name);
    if (code === undefined) throw new Error(`atom ${name} is not in the list`);
    return code;
  };
  const property = (window: WindowId, name: string) =>
    ask<{ type: number; format: number; data: Buffer }>((r) =>
      client.GetProperty(0, window, atom(name), 0, 0, MAX_PROPERTY_WORDS, r),
    );
  const listeners = new Set<(event: XEvent) => void>();
  client.on("event", (event) => {
    for (const listener of [...listeners]) listener(event);
  });
  const clientOf = (id: number): number => id & ~display.resource_mask;

  return {
    client,
    display,
    root: screen.root,
    screen: { width: screen.pixel_width, height: screen.pixel_height },
    fixes: await ask((r) => client.require("fixes", r)),
    ask,
    atom,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async numbers(window, name) {
      const { type, format, data } = await property(window, name);
      if (type === 0 || format !== 32) return null;
      return Array.from({ length: data.length / 4 }, (_, i) => data.readUInt32LE(i * 4));
    },
    async text(window, name) {
      const { type, data } = await property(window, name);
      if (type === 0) return null;
      return data.toString(type === atom("STRING") ? "latin1" : "utf8").replace(/\0+$/, "");
    },
    isSameClient: (a, b) => clientOf(a) === clientOf(b),
    clientOf,
    async sync() {
      await ask((r) => client.GetInputFocus(r));
    },
    close: () => client.close(),
  };
}

function open(displayName: string, onLost: (cause: Error) => void): Promise<Display> {
  return new Promise((resolve, reject) => {
    let isOpen = false;
    let isLost = false;
    const lost = (cause: Error) => {
      if (isOpen && !isLost) {
        isLost = true;
        onLost(cause);
      }
    };
    // What is sent in one go goes out in one write: a process that is slow, and killed in between, must not leave a key down.
    const bufferRequests = { maxDelay: Number.POSITIVE_INFINITY };
    const client = x11.createClient({ display: displayName, bufferRequests }, (error, display) => {
      if (error) return reject(error);
      // The library keeps the atoms of all connections of a process in one table, and each display has its own.
      display.client.atoms = { ...display.client.atoms };
      isOpen = true;
      resolve(display);
    });
    client.on("error", (error) => {
      // An error that answers one request has a number: the window has gone. Others end the connection.
      if (isOpen && "error" in error) return;
      reject(error);
      lost(error);
    });
    client.on("end", () => lost(new Error(`display ${displayName} went away`)));
  });
}
