// The part of the `x11` package that is used here; it ships no types of its own.
declare module "x11" {
  type Reply<T> = (error: Error | null, value: T) => void;

  export interface XEvent {
    readonly name?: string;
    readonly type: number;
    readonly [field: string]: unknown;
  }

  export interface Property {
    readonly type: number;
    readonly format: number;
    readonly bytesAfter: number;
    readonly data: Buffer;
  }

  export interface Geometry {
    readonly windowid: number;
    readonly xPos: number;
    readonly yPos: number;
    readonly width: number;
    readonly height: number;
  }

  export interface PointerState {
    readonly root: number;
    readonly child: number;
    readonly rootX: number;
    readonly rootY: number;
    readonly keyMask: number;
  }

  export interface XClient {
    /** Known atoms by name. */
    atoms: Readonly<Record<string, number>>;
    AllocID(): number;
    InternAtom(onlyIfExists: boolean, name: string, reply: Reply<number>): void;
    GetAtomName(atom: number, reply: Reply<string>): void;
    GetProperty(
      remove: number,
      window: number,
      name: number,
      type: number,
      offset: number,
      length: number,
      reply: Reply<Property>,
    ): void;
    ChangeProperty(
      mode: number,
      window: number,
      name: number,
      type: number,
      format: number,
      data: Buffer,
    ): void;
    DeleteProperty(window: number, name: number): void;
    /** One bit for each key code that is down. */
    QueryKeymap(reply: Reply<Buffer>): void;
    GetGeometry(window: number, reply: Reply<Geometry>): void;
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      reply: Reply<{ readonly child: number; readonly destX: number; readonly destY: number }>,
    ): void;
    QueryTree(
      window: number,
      reply: Reply<{ readonly root: number; readonly parent: number; readonly children: readonly number[] }>,
    ): void;
    QueryPointer(window: number, reply: Reply<PointerState>): void;
    GetInputFocus(reply: Reply<{ readonly focus: number; readonly revertTo: number }>): void;
    GetKeyboardMapping(first: number, count: number, reply: Reply<readonly (readonly number[])[]>): void;
    GetImage(
      format: number,
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planes: number,
      reply: Reply<{ readonly depth: number; readonly data: Buffer }>,
    ): void;
    GrabServer(): void;
    UngrabServer(): void;
    GrabKeyboard(
      window: number,
      ownerEvents: boolean,
      time: number,
      pointerMode: number,
      keyboardMode: number,
      reply: Reply<number>,
    ): void;
    UngrabKeyboard(time: number): void;
    /** `timeout` in seconds; 0: never. */
    GetScreenSaver(reply: Reply<{ readonly timeout: number }>): void;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: object,
    ): void;
    ChangeWindowAttributes(window: number, values: object): void;
    MapWindow(window: number): void;
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    GetSelectionOwner(selection: number, reply: Reply<number>): void;
    ConvertSelection(
      requestor: number,
      selection: number,
      target: number,
      property: number,
      time: number,
    ): void;
    SendEvent(destination: number, propagate: boolean, mask: number, event: Buffer): void;
    SendClientMessage(
      destination: number,
      window: number,
      type: number,
      format: number,
      data: readonly number[],
    ): void;
    require(
      extension: "xtest",
      reply: Reply<{
        FakeInput(type: number, detail: number, time: number, window: number, x: number, y: number): void;
      }>,
    ): void;
    require(
      extension: "screen-saver",
      reply: Reply<{
        QueryInfo(
          drawable: number,
          reply: Reply<{ readonly state: number; readonly idle: number; readonly kind: number }>,
        ): void;
      }>,
    ): void;
    require(
      extension: "fixes",
      reply: Reply<{ SelectSelectionInput(window: number, selection: number, mask: number): void }>,
    ): void;
    require(
      extension: "randr",
      reply: Reply<{
        GetScreenResourcesCurrent(
          window: number,
          reply: Reply<{ readonly crtcs: readonly number[]; readonly config_timestamp: number }>,
        ): void;
        GetCrtcInfo(
          crtc: number,
          configTime: number,
          reply: Reply<{
            readonly x: number;
            readonly y: number;
            readonly width: number;
            readonly height: number;
            readonly mode: number;
          }>,
        ): void;
      }>,
    ): void;
    require(
      extension: "xinput",
      reply: Reply<{
        /** Null on servers that know only its first version. */
        readonly xi2: object | null;
        readonly AllMasterDevices: number;
        XISelectEvents(
          window: number,
          mask: { readonly deviceId: number; readonly mask: readonly string[] },
        ): void;
      }>,
    ): void;
    on(event: "event", listener: (event: XEvent) => void): void;
    on(event: "error", listener: (error: Error) => void): void;
    on(event: "end", listener: () => void): void;
    close(): void;
  }

  export interface Display {
    readonly client: XClient;
    readonly screen: readonly {
      readonly root: number;
      readonly pixel_width: number;
      readonly pixel_height: number;
    }[];
    readonly resource_mask: number;
    /** 0: the first byte of a number is its lowest. */
    readonly image_byte_order: number;
    readonly min_keycode: number;
    readonly max_keycode: number;
  }

  interface X11 {
    createClient(
      options: { readonly display: string; readonly bufferRequests?: { readonly maxDelay: number } },
      reply: Reply<Display>,
    ): XClient;
    readonly keySyms: Readonly<Record<string, { readonly code: number }>>;
    readonly eventMask: Readonly<Record<string, number>>;
    packEvent(event: object): Buffer;
  }
  const x11: X11;
  export default x11;
}
