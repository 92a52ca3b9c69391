/** What the spool needs from outside. */
import type { StoredMessage } from "../ports/store.ts";
import type { Clock, Random } from "../ports/world.ts";
import type { WaitingFile } from "./waiting-list.ts";

export interface SpoolOptions {
  /** The workspace root. */
  readonly root: string;
  /** Longest body in bytes; for what comes through the drop folder. */
  readonly maxBytes: number;
  readonly clock: Pick<Clock, "now">;
  readonly random: Pick<Random, "hex">;
  /** How long finished messages are kept, in milliseconds. */
  readonly archiveMs: number;
  /** Most messages that may wait. Default: MAX_WAITING. */
  readonly maxWaiting?: number;
  /** Hears of every change that the worker makes or sees; the tracker is one. */
  readonly observer?: SpoolObserver;
  /** Hears why dropped files stay where they are for now. */
  readonly onTrouble?: (cause: Error) => void;
}

export interface SpoolObserver {
  /** A message waits that did not before: it is new, or was queued again. */
  appeared(waiting: WaitingFile): void;
  /** A waiting message is no longer there: it was claimed, cancelled or parked. */
  vanished(waiting: WaitingFile): void;
  /** What is now known of a message. */
  changed(stored: StoredMessage): void;
}
