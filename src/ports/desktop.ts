/**
 * One desktop: its windows, keyboard, pointer and clipboard, as the desktop transport needs them.
 *
 * Everything that touches the desktop happens between `acquire` and `release` of its lock, and every operation that
 * presses something is *guarded*: it happens only if the lock is held, the aimed window is the active one and the focus
 * has not changed since `aim`; and it tells when that was no longer so afterwards.
 */
import type { Point, Rect } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";

export interface DesktopWindow {
  readonly id: string;
  readonly title: string;
  readonly pid: number | null;
  readonly rect: Rect;
  readonly isActive: boolean;
  readonly isMinimised: boolean;
  readonly isDialog: boolean;
}

/** A key with modifiers, as profiles write it: `Ctrl+A`, `Enter`, `Shift+Enter`, `Cmd+V`, `Ctrl+End`. */
export type KeyChord = string;

/** Refused or ended: the error says why; `handsOff`: make no further input in this attempt (lock lost, person active). */
export interface Refusal {
  readonly ok: false;
  readonly error: DeliveryError;
  readonly isHandsOff: boolean;
}
export type Guarded<T> = ({ readonly ok: true } & T) | Refusal;

/** What a look at the composer saw. */
export type Look =
  /** The target's process answered the copy with this text. */
  | { readonly kind: "text"; readonly text: string; readonly ms: number }
  /** No answer within the time. `isProven`: the target has handled all keys, so the composer is empty. */
  | { readonly kind: "silence"; readonly isProven: boolean; readonly ms: number };

/** What was on the desktop before an attempt; opaque to the transport, plain data so that it can be saved. */
export interface GuestState {
  readonly clipboardText: string | null;
  readonly pointer: Point;
  readonly activeWindow: string | null;
  readonly workspace: number | null;
}

/** The desktop while its lock is held. */
export interface Hands {
  /** Milliseconds since a person last typed or moved the pointer (events of swarm itself do not count). */
  humanIdleMs(): Promise<number>;
  windows(): Promise<readonly DesktopWindow[]>;
  remember(): Promise<GuestState>;
  /** Raises the window and makes it the active one. From here on, focus changes count against every guarded operation. */
  aim(windowId: string, isTitle: TitleTest, deadlineMs: number): Promise<Guarded<{ readonly rect: Rect }>>;
  /** Clicks a point that must lie on a screen and in the aimed window, not covered by another. */
  click(point: Point): Promise<Guarded<object>>;
  /** Presses chords in one go. */
  press(chords: readonly KeyChord[]): Promise<Guarded<object>>;
  /** Puts a fresh sentinel in the clipboard, presses select-all and copy, and waits for the target's answer. */
  look(keys: LookKeys, patienceMs: number): Promise<Guarded<{ readonly look: Look }>>;
  /** Offers the text in the clipboard, presses `before`, paste, then select-all and copy; waits until the text was taken and the copy answered. */
  pasteAndLook(
    text: string,
    keys: PasteKeys,
    patienceMs: number,
  ): Promise<Guarded<{ readonly look: Look; readonly isTaken: boolean }>>;
  /** Puts back pointer, active window, workspace, moved and minimised windows, and the clipboard if it holds what swarm put there. */
  restore(state: GuestState): Promise<void>;
  /** Gives the lock to the next in line. Safe to call twice. */
  release(): Promise<void>;
}

/** A title pattern as in `titleMatches`: the aimed window must still bear it at every guarded operation. */
export type TitleTest = string;

export interface LookKeys {
  readonly selectAll: KeyChord;
  readonly copy: KeyChord;
  /** Pressed last to prove that the keys before it were handled: a paste of nothing. Null: wait in silence instead. */
  readonly barrier: KeyChord | null;
}

export interface PasteKeys {
  /** Pressed before the paste: caret to the end, or select-all to replace. */
  readonly before: KeyChord;
  readonly paste: KeyChord;
  readonly selectAll: KeyChord;
  readonly copy: KeyChord;
}

export interface Desktop {
  /** Waits in line for the desktop lock of `display` (null: the default one). A refusal says what is missing there. */
  acquire(
    display: string | null,
    purpose: string,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Guarded<{ readonly hands: Hands }>>;
  close(): Promise<void>;
}
