/** What the server and its pages say to each other. */

export type ComposerKind = "textarea" | "lexical" | "prosemirror" | "contenteditable";

export type Mode =
  /** Enter submits and clears. */
  | "normal"
  /** The page is busy for 2 s at every key, and everything else waits. */
  | "slow-busy"
  /** The page takes every key at once and acts on it 2 s later. */
  | "slow-deferred"
  /** The composer's place holds a text editor with 500 lines, in which Enter makes a new line. */
  | "editor"
  /** Text, in which nothing can be focused, lies where the composer was; the composer is at the top. */
  | "no-field"
  /** A modal dialog is in front, with a focused button that Enter and Space press. */
  | "modal"
  /** The first Enter does nothing. */
  | "swallow-enter-once"
  /** No Enter does anything. */
  | "swallow-enter"
  /** Submits at once, clears 300 ms later; another Enter in between submits again. */
  | "late-clear"
  /** Every Enter makes a line break, and nothing submits. */
  | "break-line"
  /** Submits, clears, and leaves the line break that Enter makes in the field. */
  | "leaves-break"
  /** After a submit the field takes nothing for 3 s. */
  | "waits-for-answer"
  /** After a submit the field takes nothing any more. */
  | "closes"
  /** The composer can be read, but takes no text. */
  | "read-only";

export interface PageConfig {
  readonly name: string;
  readonly title: string;
  readonly composer: ComposerKind;
  readonly mode: Mode;
}

export interface PageState {
  /** What the composer holds; in mode `editor`, what the editor holds. */
  readonly text: string;
  readonly focus: "composer" | "button" | "elsewhere" | "nothing";
  readonly isVisible: boolean;
  readonly isActive: boolean;
  /** Asked for with `history`; else empty. */
  readonly history: readonly string[];
}

export type Command =
  | { readonly do: "state" | "history" }
  | { readonly do: "set-text"; readonly text: string }
  | { readonly do: "focus"; readonly what: "composer" | "elsewhere" }
  | { readonly do: "set-title"; readonly title: string }
  | { readonly do: "reload" };

export interface NumberedCommand {
  readonly number: number;
  readonly command: Command;
}

export type Report =
  | { readonly kind: "submit"; readonly text: string; readonly at: number }
  /** The dialog's button was pressed. */
  | { readonly kind: "press"; readonly at: number }
  | { readonly kind: "done"; readonly number: number; readonly state: PageState };

/** Lines of the editor in mode `editor`. */
export const EDITOR_TEXT = Array.from(
  { length: 500 },
  (_, i) => `line ${i + 1}: const value${i + 1} = compute(${i});`,
).join("\n");
