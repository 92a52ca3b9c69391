/**
 * One desktop: its windows, keyboard, pointer and clipboard, as the desktop transport needs them.
 *
 * Everything that touches the desktop happens between `acquire` and `release` of its lock, and every operation that
 * presses something is *guarded*: it happens only if the lock is held, the aimed window is the active one and the focus
 * has not changed since `aim`; and it tells when that was no longer so afterwards.
 */
import type { InputPoint, Point, Rect } from "../domain/agent.ts";
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

/** The screens that make up the desktop. */
export interface Layout {
  readonly screens: readonly Rect[];
  /** False: the system tells of the main screen only. */
  readonly isWhole: boolean;
}

/** What the screens show. */
export interface ScreenImage {
  /** The part of the desktop that it shows; what no screen shows is black. */
  readonly area: Rect;
  /** Of the image, in pixels: more than those of `area` where the system scales what it shows. */
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row; deflated, in base64. */
  readonly pixels: string;
}

/** A key with modifiers, as profiles write it: `Ctrl+A`, `Enter`, `Shift+Enter`, `Cmd+V`, `Ctrl+End`. */
export type KeyChord = string;

/** Refused or ended: the error says why; `isHandsOff`: make no further input in this attempt (lock lost, person active). */
export interface Refusal {
  readonly ok: false;
  readonly error: DeliveryError;
  readonly isHandsOff: boolean;
  /** False: none of the keys of this call was pressed, for sure. */
  readonly mayBePressed: boolean;
}
export type Guarded<T> = ({ readonly ok: true } & T) | Refusal;

/** What was copied or is to be pasted: the text, and the other kinds in which a program offered it (base64 by kind). */
export interface Content {
  readonly text: string;
  readonly flavors: Readonly<Record<string, string>>;
}

export interface CopiedByOthers {
  readonly texts: readonly string[];
  /** There was another one, which went out of the clipboard again before it could be read. */
  readonly isMissing: boolean;
  /** What a process had heard that typed here before this one and was killed in the middle, and what lay there then. */
  readonly beforeKill: readonly string[];
}

/** What a look at the composer saw. `ms`: from the keys to the answer. */
export type Look =
  /** The target's process answered the copy with this. */
  | { readonly kind: "text"; readonly content: Content; readonly ms: number }
  /** No answer within the patience: empty, or a page that is slower than that. */
  | { readonly kind: "silence"; readonly ms: number };

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
  /** Milliseconds for which surely nobody has typed or pressed a button; 0 where that can't be told. */
  untouchedMs(): Promise<number>;
  /**
   * Milliseconds since a person last pressed what may submit the text of this window: a button over it, or a key that
   * does not only write. 0 where that can't be told.
   */
  submitIdleMs(windowId: string): Promise<number>;
  /**
   * Milliseconds since a person last pressed what may take away or replace text of this window that is not selected: a
   * button over it, or a key that does more than write a character. 0 where that can't be told.
   */
  editIdleMs(windowId: string): Promise<number>;
  windows(): Promise<readonly DesktopWindow[]>;
  layout(): Promise<Layout>;
  image(): Promise<ScreenImage>;
  pointer(): Promise<Point>;
  /** The window that is seen at each point of the screen, or null. */
  windowsAt(points: readonly Point[]): Promise<readonly (DesktopWindow | null)[]>;
  remember(): Promise<GuestState>;
  /**
   * Raises the window, makes it the active one and tells where on the screen its input point is; a window whose point
   * is off the screen is moved into view. From here on, focus changes count against every guarded operation.
   */
  aim(
    windowId: string,
    title: TitlePattern,
    input: InputPoint,
    deadlineMs: number,
  ): Promise<Guarded<{ readonly point: Point; readonly rect: Rect }>>;
  /** Clicks the input point of the aimed window, where it is now; no other window may cover it. */
  click(): Promise<Guarded<{ readonly point: Point }>>;
  /** Presses chords in one go. */
  press(chords: readonly KeyChord[]): Promise<Guarded<object>>;
  /** Takes the clipboard, presses the keys in one go, and waits for the target to take it with its answer. */
  look(keys: LookKeys, patienceMs: number): Promise<Guarded<{ readonly look: Look }>>;
  /**
   * Offers the content in the clipboard, presses `before`, paste, select-all, copy and `after` in one go; waits for the
   * answer to the copy. `isTaken`: the target asked for the text.
   */
  pasteAndLook(content: Content, keys: PasteKeys, patienceMs: number): Promise<Guarded<PasteLook>>;
  /** Puts back pointer, active window, workspace, moved and minimised windows, and the clipboard if it holds what swarm put there. */
  restore(state: GuestState): Promise<void>;
  /** With what the target answered copies that were not waited for any more, in order, since `remember`. */
  lateAnswers(): Promise<readonly string[]>;
  /** Texts that programs other than the target put into the clipboard since `remember`: a paste may have been of one of them. */
  copiedByOthers(): Promise<CopiedByOthers>;
  /** Gives the lock to the next in line. Safe to call twice. */
  release(): Promise<void>;
}

/** As in `titleMatches`: the aimed window must still bear such a title at every guarded operation. */
export type TitlePattern = string;

export interface PasteLook {
  readonly look: Look;
  /** The target asked for the text that was offered. */
  readonly isTaken: boolean;
  readonly overtaken: Overtaken | null;
}

/**
 * The paste came too late: the target answered a copy, for which an earlier look had not waited, and pasted what it had
 * copied itself, or nothing was pressed at all.
 */
export interface Overtaken {
  /** What it had copied; null: not known, for the copy behind the paste had been answered as well. */
  readonly held: Content | null;
}

export interface LookKeys {
  /** Pressed before the copy: what they leave selected is read. */
  readonly select: readonly KeyChord[];
  readonly copy: KeyChord;
  /**
   * `by` is pressed behind the copy, so that what a person types then does not replace all that was selected; `again`
   * selects it for another copy.
   */
  readonly collapse?: { readonly by: KeyChord; readonly again: readonly KeyChord[] };
  /** The keys have just typed it: an answer that ends with it is one to this copy, and all before are answered. */
  readonly lastCharacter?: string;
}

export interface PasteKeys {
  /** Pressed before the paste: caret to the end, or select-all to replace. */
  readonly before: KeyChord;
  readonly paste: KeyChord;
  readonly selectAll: KeyChord;
  readonly copy: KeyChord;
  /** Pressed behind the copy, in the same go. */
  readonly after?: readonly KeyChord[];
  /** No copy from before can hold the text: it has an id of its own. */
  readonly isNew?: boolean;
}

export interface Desktop {
  /** Waits in line for the desktop lock of `display` (null: the default one). A refusal says what is missing there. */
  acquire(
    display: string | null,
    purpose: string,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Guarded<{ readonly hands: Hands; readonly waitedMs: number }>>;
  /**
   * Puts back what a process that was killed had found on any desktop; `acquire` does so for its own. False: not all of it
   * could be just now (the screen is locked, or others hold the desktop).
   */
  putBackLeftBehind(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Thrown by the calls of `Hands` that return plain data when the desktop is gone in the middle, or does not answer. */
export class DesktopGone extends Error {
  override readonly name = "DesktopGone";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.error.message);
    this.refusal = refusal;
  }
}
