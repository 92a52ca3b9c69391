/**
 * Terminal panes, as the tmux transport needs them: the screen of one pane, text and keys into it.
 *
 * A pane is found once and pinned: server, session, pane and process. Everything that reaches its program is *guarded*:
 * it happens only if all of these are still the same, the pane shows itself (no copy mode), and the program in front and
 * the cursor are those of the screen that was seen; check and action are one step for the terminal server.
 */
import type { DeliveryError } from "../domain/errors.ts";

/** One line of a screen: its text, and for each character of it whether it is faint (dim, or a grey of its own). */
export interface Row {
  readonly text: string;
  readonly isFaint: readonly boolean[];
}

/** What a pane shows at one moment. */
export interface Screen {
  readonly rows: readonly Row[];
  readonly columns: number;
  /** In cells, from the top left. */
  readonly cursor: { readonly x: number; readonly y: number };
  readonly title: string;
  /** The name of the program in front, as the system tells it: `node`, `bash`. */
  readonly program: string;
  /** The pane shows its history or a menu of the terminal server, and takes no text. */
  readonly isInMode: boolean;
  /** The program asked for pastes to be marked as such; null: this terminal server does not tell. */
  readonly takesPastes: boolean | null;
}

/** Refused: nothing was done. */
export interface PaneRefusal {
  readonly ok: false;
  readonly error: DeliveryError;
  /** Something moved between the look and the action: look again. */
  readonly isMoved: boolean;
}
export type OnPane<T> = ({ readonly ok: true } & T) | PaneRefusal;

/** A program that runs in the pane's foreground: its name, and the base names of its first arguments (scripts). */
export interface Program {
  readonly pid: number;
  readonly names: readonly string[];
}

export interface Pane {
  /** As people know it: `work:agents.0 (%5)`. */
  readonly where: string;
  /** The foreground programs, the one in front first. Empty where the system does not tell. */
  programs(): Promise<readonly Program[]>;
  look(): Promise<OnPane<{ readonly screen: Screen }>>;
  /** Waits until no other swarm types in this pane; returns what lets the next one, or null when the time was up. */
  hold(waitMs: number): Promise<(() => void) | null>;
  /** Leaves copy mode. */
  leaveMode(): Promise<OnPane<object>>;
  /** Pastes the text as one piece, marked as a paste where the program asked for that. */
  paste(text: string, seen: Screen): Promise<OnPane<object>>;
  /** Presses keys by their names in tmux (`Enter`, `C-u`). */
  press(keys: readonly string[], seen: Screen): Promise<OnPane<object>>;
}

/** A pane as a person chooses it. */
export interface PaneFacts {
  /** As people know it: `work:agents.0 (%5)`. */
  readonly where: string;
  /** A target that names this pane and no other: `work:1.0`. */
  readonly target: string;
}

export interface Terminals {
  /** All panes of a server, in its order. */
  list(socket: string): Promise<OnPane<{ readonly panes: readonly PaneFacts[] }>>;
  /** `socket`: a `-L` name, or a path for `-S`; `target`: any tmux target that names exactly one pane. */
  find(socket: string, target: string): Promise<OnPane<{ readonly pane: Pane }>>;
}
