/** What happens to a message, in order. A message's file holds the message and then one event per line. */
import type { DeliveryError } from "./errors.ts";

interface Base<Type extends string> {
  readonly type: Type;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An attempt was started by the worker with process id `pid`. */
export interface Claimed extends Base<"claimed"> {
  readonly attempt: number;
  readonly pid: number;
}
/** The inbox file is there, was read back, and holds the same bytes. `file` is relative to the workspace root. */
export interface InboxWritten extends Base<"inbox_file"> {
  readonly file: string;
}
/** It is typed in one turn with these, in this order; it is one of them. */
export interface Joined extends Base<"joined"> {
  readonly ids: readonly string[];
}
/** The composer may be touched from here on. */
export interface Intent extends Base<"intent"> {
  readonly window: string;
}
/** A draft was found and saved at `file` (relative to the workspace root) before anything replaced it. */
export interface DraftSaved extends Base<"draft_saved"> {
  readonly file: string;
}
/** The draft is back; or it was back, and then removed or submitted by a person or the page itself. Nothing is owed. */
export interface DraftRestored extends Base<"draft_restored"> {
  readonly file: string;
}
/** One character is typed to see what the composer holds. It, and those before it, may stand there until `mark_erased`. */
export interface MarkTyped extends Base<"mark_typed"> {}
export interface MarkErased extends Base<"mark_erased"> {}
/** The composer was read back and holds exactly the text. Enter may be pressed from here on. */
export interface Typed extends Base<"typed"> {
  readonly ms: number;
}
/** The composer was read after Enter and no longer holds the text. */
export interface Submitted extends Base<"submitted"> {
  readonly ms: number;
  readonly enters: number;
  /** The agent was at work when it was submitted, or said so: its own queue has the message. */
  readonly isQueued?: true;
}
/** The attempt failed and the next one is not before `nextAttemptAt`. */
export interface Deferred extends Base<"deferred"> {
  readonly error: DeliveryError;
  readonly nextAttemptAt: number;
  /** Its text could not be taken out of the composer: a person may submit it there. */
  readonly isTextLeft?: true;
}
/** The attempt ended for a reason that does not count (a person was typing, screen locked, lock lost). */
export interface HandedBack extends Base<"handed_back"> {
  readonly error: DeliveryError;
  readonly nextAttemptAt: number;
  /** As in `Deferred`. */
  readonly isTextLeft?: true;
}
/** The text is in the composer and the way on is barred (a dialog in front, somebody typing): the worker keeps looking. */
export interface Waits extends Base<"waits"> {
  readonly error: DeliveryError;
}
export interface Delivered extends Base<"delivered"> {}
export interface Failed extends Base<"failed"> {
  readonly error: DeliveryError;
}
export interface Unconfirmed extends Base<"unconfirmed"> {
  readonly error: DeliveryError;
}
export interface Cancelled extends Base<"cancelled"> {}
export interface Expired extends Base<"expired"> {}
/** `retry-failed` queued it again; attempts are counted anew, earlier ones stay in the history. */
export interface Retried extends Base<"retried"> {}
/** The recipient said that it has it. */
export interface Acknowledged extends Base<"acknowledged"> {
  readonly by: string;
}

export type MessageEvent =
  | Claimed
  | InboxWritten
  | Joined
  | Intent
  | DraftSaved
  | DraftRestored
  | MarkTyped
  | MarkErased
  | Typed
  | Submitted
  | Deferred
  | HandedBack
  | Waits
  | Delivered
  | Failed
  | Unconfirmed
  | Cancelled
  | Expired
  | Retried
  | Acknowledged;
