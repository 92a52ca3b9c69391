/** Copies that a page has not answered yet: keys stay in the queue of one that stands still, and are answered any time later. */
import type { Aim } from "./aim.ts";
import type { X11Clipboard } from "./clipboard.ts";
import type { WindowId, XConnection } from "./connection.ts";
import { nextTaking } from "./quiet.ts";

/** A copy that was not answered for so long never will be. In milliseconds. */
export const NEVER_MS = 10_000;

/** Our copies, from one attempt to the next. */
export interface Copies {
  /** The window that owned the clipboard after the last of them: its content is ours to remove. 0: none. */
  by: WindowId;
  /** One was given up before it was answered; null: all were answered. */
  open: OpenCopy | null;
  /** Windows that have left a copy unanswered, and no later one answered for sure; when, of `performance.now()`. */
  readonly unanswered: Map<WindowId, number>;
  /** Windows in which a paste was pressed that is not known to be done; when that was, of `performance.now()`. */
  readonly pastes: Map<WindowId, number>;
}

export function noCopies(): Copies {
  return { by: 0, open: null, unanswered: new Map(), pastes: new Map() };
}

export interface OpenCopy {
  /** A window of the program that it was asked of. */
  readonly of: WindowId;
  /** How often that program had taken the clipboard by then. */
  readonly takes: number;
  /** When it was given up, in milliseconds of `performance.now()`. */
  readonly at: number;
}

/** True where a page may still answer a copy from before. */
export function isAnyOpen({ open, unanswered }: Copies): boolean {
  return open !== null || [...unanswered.values()].some(isStillOpen);
}

function isStillOpen(at: number): boolean {
  return performance.now() - at < NEVER_MS;
}

export interface OpenCopies {
  /** The newest copy was given up. */
  leaveOpen(aim: Aim): void;
  /** The same of the one behind a paste, which was pressed `ms` ago. */
  leavePasteOpen(aim: Aim, ms: number): void;
  /**
   * Waits for the answer that a paste from before still owes: a page that is so slow would paste once more, and by then
   * what it has copied itself. `late`: it came just now; `owed`: not within `patienceMs`, and it still may.
   */
  pasteDone(aim: Aim, patienceMs: number): Promise<"done" | "late" | "owed">;
  /** An answer that can only be one to the newest copy of this window: those before it are answered as well. */
  answered(aim: Aim): void;
  /** An answer to one of the copies that are open, perhaps not the last. */
  heardOne(): void;
  /** Pages of one program can't be told apart by who takes the clipboard: another one may still answer. */
  mayBeOthers(aim: Aim): boolean;
  /** The copy that was given up has been answered since. */
  isAnsweredLate(): boolean;
}

export function openCopies(x: XConnection, clipboard: X11Clipboard, copies: Copies): OpenCopies {
  const leaveOpen = ({ window }: Aim) => {
    copies.unanswered.set(window, performance.now());
    copies.open = { of: window, takes: clipboard.takesOf(window), at: performance.now() };
  };
  const mayBeOthers = ({ window }: Aim) =>
    [...copies.unanswered].some(
      ([other, at]) => other !== window && x.isSameClient(other, window) && isStillOpen(at),
    );
  return {
    leaveOpen,
    leavePasteOpen(aim, ms) {
      leaveOpen(aim);
      copies.pastes.set(aim.window, performance.now() - ms);
    },
    async pasteDone(aim, patienceMs) {
      const at = copies.pastes.get(aim.window);
      if (at === undefined) return "done";
      const takes = clipboard.takesOf(aim.window);
      const until = Math.min(performance.now() + patienceMs, at + NEVER_MS);
      while (performance.now() < until) {
        await nextTaking(clipboard, clipboard.takes, until - performance.now());
        if (clipboard.takesOf(aim.window) === takes || mayBeOthers(aim)) continue;
        copies.pastes.delete(aim.window);
        return "late";
      }
      if (isStillOpen(at)) return "owed";
      copies.pastes.delete(aim.window);
      return "done";
    },
    answered({ window }) {
      copies.unanswered.delete(window);
      copies.pastes.delete(window);
      copies.open = null;
    },
    heardOne() {
      if (copies.open !== null) copies.open = { ...copies.open, takes: clipboard.takesOf(copies.open.of) };
    },
    mayBeOthers,
    isAnsweredLate: () => copies.open !== null && clipboard.takesOf(copies.open.of) !== copies.open.takes,
  };
}
