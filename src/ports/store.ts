/** The durable queue, as the engine and the commands need it. Every method is synchronous: when it returns, it is so. */
import type { MessageEvent } from "../domain/events.ts";
import type { Message, Priority } from "../domain/message.ts";
import type { MessageState } from "../domain/status.ts";

/** A message with everything that happened to it. */
export interface StoredMessage {
  readonly message: Message;
  readonly events: readonly MessageEvent[];
  readonly state: MessageState;
}

/** What a waiting message's name tells without opening it. */
export interface Waiting {
  readonly id: string;
  readonly recipient: string;
  readonly priority: Priority;
  /** Sorts by priority, then by acceptance; a message with a time of its own stands where one accepted then would. */
  readonly order: string;
  /** Milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
  /** Milliseconds since 1970, or null. */
  readonly notBefore: number | null;
}

/** A message not yet accepted: the store gives it its id, time and hash. */
export type NewMessage = Omit<Message, "id" | "sha256" | "acceptedAt" | "broadcastId">;

export type AcceptResult =
  | {
      readonly kind: "accepted";
      /** One per message asked for, in that order. `isDuplicate`: its key was used within a day; nothing new was queued. */
      readonly messages: readonly { readonly message: Message; readonly isDuplicate: boolean }[];
    }
  /** The same key and recipient within a day, with another body. Nothing was accepted. */
  | { readonly kind: "key_conflict"; readonly key: string; readonly recipient: string; readonly id: string }
  /** The spool holds as many waiting messages as it may. Nothing was accepted. */
  | { readonly kind: "full"; readonly limit: number }
  /** Disk full, not writable, … Nothing was accepted. `cause` has the system's words. */
  | { readonly kind: "not_stored"; readonly path: string; readonly cause: Error };

export interface DeadLetterSelection {
  readonly agent?: string;
  readonly id?: string;
  /** Only those that ended at least this many milliseconds ago. */
  readonly olderThanMs?: number;
  /** Also those in state `unconfirmed`. */
  readonly isUnconfirmedIncluded: boolean;
}

/** What programs that send and look need. Any number of processes at once, with or without a worker. */
export interface Outbox {
  /** All or nothing. More than one message share a new broadcast id when `isBroadcast`. Durable when it returns. */
  accept(messages: readonly NewMessage[], isBroadcast: boolean): AcceptResult;
  find(id: string): StoredMessage | null;
  /** `not_queued`: it exists, but it is being delivered or finished. */
  cancel(id: string): "cancelled" | "not_queued" | "unknown";
  /** Queues dead letters again and returns their ids. Two callers at once never return the same id. */
  retryFailed(selection: DeadLetterSelection): readonly string[];
  /** The dead letters, oldest first, without changing any. */
  deadLetters(selection: DeadLetterSelection): readonly StoredMessage[];
  /** Gives up one that is in this state: it is `cancelled` from then on. False: somebody was faster, and it is in that state no longer. */
  purge(id: string, status: "failed" | "unconfirmed"): boolean;
  acknowledge(id: string, by: string): "acknowledged" | "unknown";
  /** Ids whose name begins like this or is most like it, for error messages. At most 5. */
  similarIds(id: string): readonly string[];
}

/** What the one worker needs besides. Only the process that holds the worker lock may call it. */
export interface Spool extends Outbox {
  /** All waiting messages, in order. Also takes in what lies in the drop folder. */
  scan(knownAgents: ReadonlySet<string>): readonly Waiting[];
  /** When the folders that `scan` reads last changed, in milliseconds since 1970. A few system calls, however many messages wait. */
  lastChange(): number;
  /** Calls `onChange` when something may be new in those folders; a hint that may be lost. Returns the way to stop it. */
  watch(onChange: () => void): () => void;
  /** Opens a waiting message without claiming it; null when it is gone (cancelled) or was parked as damaged. */
  peek(waiting: Waiting): StoredMessage | null;
  /** Moves it to `active` and records `claimed`; null when it is gone. */
  claim(waiting: Waiting, attempt: { readonly pid: number; readonly at: number }): StoredMessage | null;
  /** Messages found in `active` when the worker starts: their attempt was cut off. */
  interrupted(): readonly StoredMessage[];
  /** Appends an event. `isDurable`: synced before it returns (needed before every irreversible step). */
  record(id: string, event: MessageEvent, isDurable: boolean): MessageState;
  /**
   * Records the event that ends an attempt or the message, synced, and moves the file to where that state lies.
   * A waiting message may be settled too (`expired`): null when it is gone (cancelled meanwhile).
   */
  settle(id: string, event: MessageEvent): MessageState | null;
  /** Moves finished messages on to the archive, in batches; returns how many. Cheap when there is nothing to do. */
  archiveFinished(limit: number): number;
  /** Ids of all messages that are not in the archive: they wait, are under way, or have ended. Reads all names. */
  unarchivedIds(): ReadonlySet<string>;
  /** Removes what retention no longer keeps, old temporary files and old keys. */
  sweep(): void;
}
