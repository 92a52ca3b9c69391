/** The calls, over nut-js and clipboardy: the only file that loads nut-js. */
import type { WindowProviderInterface } from "@nut-tree-fork/nut-js";
import type { Point } from "../../domain/agent.ts";
import { packedPixels } from "../image-pixels.ts";
import { keyNames } from "./keys.ts";
import type { NutCalls, NutWindow, NutWindowId } from "./nut-calls.ts";
import { isSystemLocked, systemIdleMs } from "./system-facts.ts";

/** nut-js answers a question for no window with 0 or -1. */
const FIRST_WINDOW_ID = 1;

/**
 * Loads nut-js, which takes some 100 ms. Rejects where there is no build of it for this machine; where there is no
 * desktop at all it ends the process instead, so load it in a child.
 *
 * Goes to nut-js's providers, below its `Window` class: that one cuts a window's rectangle off at the edge of the main
 * screen, and hides the id. Text is never typed through nut-js (it would be logged), and its delays are 0.
 */
export async function openCalls(platform: NodeJS.Platform = process.platform): Promise<NutCalls> {
  const nut = await import("@nut-tree-fork/nut-js");
  const { default: clipboardy } = await import("clipboardy");
  const keyboard = nut.providerRegistry.getKeyboard();
  const mouse = nut.providerRegistry.getMouse();
  const windows = nut.providerRegistry.getWindow();
  nut.keyboard.config.autoDelayMs = 0;
  nut.mouse.config.autoDelayMs = 0;
  // The configuration alone leaves the 300 ms that nut-js gave its native part when it was loaded.
  keyboard.setKeyboardDelay(0);
  mouse.setMouseDelay(0);
  const keyOf = (name: string): number => {
    const key: unknown = Reflect.get(nut.Key, name);
    if (typeof key !== "number") throw new Error(`nut-js has no key "${name}"`);
    return key;
  };

  return {
    async windows() {
      const all = await Promise.all((await windows.getWindows()).map((id) => describe(windows, id)));
      return all.filter((window) => window !== null);
    },
    async activeWindow() {
      const id = await windows.getActiveWindow();
      return id < FIRST_WINDOW_ID ? null : id;
    },
    window: (id) => describe(windows, id),
    async focus(id) {
      await windows.focusWindow(id);
    },
    async moveWindow(id, { x, y }) {
      await windows.moveWindow(id, new nut.Point(x, y));
    },
    press: (chord) => keyboard.click(...keyNames(chord).map(keyOf)),
    async pointer() {
      const { x, y } = await mouse.currentMousePosition();
      return { x, y };
    },
    movePointer: ({ x, y }: Point) => mouse.setMousePosition(new nut.Point(x, y)),
    click: () => mouse.click(nut.Button.LEFT),
    screenSize: () => nut.providerRegistry.getScreen().screenSize(),
    async screenImage() {
      const { width, height, data, byteWidth } = await nut.providerRegistry.getScreen().grabScreen();
      return { width, height, pixels: packedPixels({ width, height, bytes: data, rowBytes: byteWidth }) };
    },
    readClipboard: () => clipboardy.read(),
    writeClipboard: (text) => clipboardy.write(text),
    idleMs: () => systemIdleMs(platform),
    isScreenLocked: () => isSystemLocked(platform),
  };
}

async function describe(windows: WindowProviderInterface, id: NutWindowId): Promise<NutWindow | null> {
  const [title, { left, top, width, height }] = await Promise.all([
    windows.getWindowTitle(id),
    windows.getWindowRegion(id),
  ]);
  // Windows numbers hundreds of windows that show nothing, and answers with an empty rectangle for one that is gone.
  return width > 0 && height > 0 ? { id, title, rect: { x: left, y: top, width, height } } : null;
}
