/**
 * What is asked of macOS and Windows, as few and as plain calls as possible: the hands above decide, this only does.
 *
 * Weaker than X11, and what is done about it:
 *   - there are no events: a focus change that goes away and comes back between two looks is not seen. The active
 *     window is asked for before and after each step and at every look for an answer (`aim.ts`)
 *   - asking for the active window and pressing a key are two calls: for the instant between them a key can go astray.
 *     That key is then known to be doubtful, and counts for nothing
 *   - nobody can tell who put a text in the clipboard: a reading is believed when it comes twice (`composer.ts`)
 *   - held keys and mouse buttons of a person can't be seen
 */
import type { Point, Rect } from "../../domain/agent.ts";
import type { KeyChord } from "../../ports/desktop.ts";

/** A window as the system numbers it. */
export type NutWindowId = number;

export interface NutWindow {
  readonly id: NutWindowId;
  /** Empty where the system tells none. */
  readonly title: string;
  readonly rect: Rect;
}

export interface NutCalls {
  /** Windows with a title, the foremost first. On macOS minimised windows and those of other Spaces are not among them. */
  windows(): Promise<readonly NutWindow[]>;
  activeWindow(): Promise<NutWindowId | null>;
  /** The window as it is now, or null when it is gone. */
  window(id: NutWindowId): Promise<NutWindow | null>;
  /** Asks for the window to be raised and made active; whether it worked, only `activeWindow` tells. */
  focus(id: NutWindowId): Promise<void>;
  /** Moves the window's corner, which must be the active one. */
  moveWindow(id: NutWindowId, corner: Point): Promise<void>;
  /** Presses and releases one chord in one go: a process that is killed leaves no key held down. */
  press(chord: KeyChord): Promise<void>;
  pointer(): Promise<Point>;
  movePointer(to: Point): Promise<void>;
  /** Presses the first mouse button where the pointer is. */
  click(): Promise<void>;
  /** The main screen; others are not known. */
  screenSize(): Promise<{ readonly width: number; readonly height: number }>;
  /** What the main screen shows, as in `ScreenImage`. */
  screenImage(): Promise<{ readonly width: number; readonly height: number; readonly pixels: string }>;
  /** The text in the clipboard; empty where it holds none. */
  readClipboard(): Promise<string>;
  writeClipboard(text: string): Promise<void>;
  /** Milliseconds since the last input of anybody, swarm's own included, or null where the system does not tell. */
  idleMs(): Promise<number | null>;
  isScreenLocked(): Promise<boolean>;
}
