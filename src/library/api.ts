/**
 * The calls of the package's entry and their options. What they answer is in answers.ts.
 */
import type { Priority } from "../domain/message.ts";
import type {
  Broadcast,
  InboxOfAgent,
  MessageDetails,
  Refused,
  Retried,
  Sent,
  StatusOfAll,
} from "./answers.ts";

/** Tells an answer that says why nothing was done from one that says what came of it. */
export type IsRefused = <T extends object>(answer: T | Refused) => answer is Refused;

/** Opens a workspace for a program. Reads nothing yet, and holds nothing open between calls. */
export type OpenSwarm = (options?: SwarmOptions) => Swarm;

export interface SwarmOptions {
  /** The workspace's folder. Default: `SWARM_ROOT`, then the nearest at or above the current folder. */
  readonly root?: string;
  /** Variables that count before those of the process; undefined: as if it were not set. A worker that is started gets them too. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Hears what the commands say on standard error beside the result. Default: nobody does. */
  readonly onNote?: (note: Note) => void;
}

export interface Note {
  /** `warning`: also with `--quiet` a command would say it. */
  readonly kind: "note" | "warning";
  readonly text: string;
}

/**
 * What can be asked of a workspace. Whatever is to be expected to go wrong is a value, `Refused`; a promise is rejected
 * only by a bug.
 */
export interface Swarm {
  /** Sends a message and waits for its outcome, as `swarm send`. */
  send(agent: string, text: string, options?: SendOptions): Promise<Sent | Refused>;
  /** One message per agent, accepted together or not at all, as `swarm broadcast`. */
  broadcast(text: string, options?: BroadcastOptions): Promise<Broadcast | Refused>;
  /** Waits for the outcome of a message that was accepted before. */
  wait(id: string, options?: WaitOptions): Promise<Sent | Refused>;
  /** Queues dead letters again and waits for their outcome, as `swarm retry-failed`. */
  retryFailed(options?: RetryOptions): Promise<Retried | Refused>;
  /** Everything about one message but its text, as `swarm status ID`. */
  message(id: string): Promise<MessageDetails | Refused>;
  /** Takes a message back that still waits, as `swarm cancel ID`. One that does not is unchanged: see its `status`. */
  cancel(id: string): Promise<Sent | Refused>;
  /** What waits, what failed, how well it goes, as `swarm status`. */
  status(): Promise<StatusOfAll | Refused>;
  /** The messages in an agent's inbox, the newest first, as `swarm inbox`. Marks none as read. */
  inbox(agent: string, options?: InboxOptions): Promise<InboxOfAgent | Refused>;
  /** Ends all waiting: what is waited for resolves with what is known. Later calls are refused. Resolves when all have. */
  close(): Promise<void>;
}

export interface WaitOptions {
  /** How long to wait for the outcome, in milliseconds. Default: 60,000. After that it is still `queued` or `delivering`, and will be delivered. */
  readonly timeoutMs?: number;
  /** Aborted: stop waiting. What was accepted stays queued. */
  readonly signal?: AbortSignal;
}

export interface SendOptions extends WaitOptions {
  /** Default: `normal`. */
  readonly priority?: Priority;
  /** The sender. Default: `SWARM_AGENT`, then the login name. */
  readonly from?: string;
  /** Queues it once: the same key for the same recipient within a day gives the first one's outcome. */
  readonly key?: string;
  /** Types the text alone, without the header. */
  readonly raw?: boolean;
  /** Does not deliver it after so long, for example `30m`. */
  readonly expires?: string;
  /** Delivers it then: `15:30`, `2026-02-01T15:30`. Does not wait, unless `wait` is true. */
  readonly at?: string;
  /** Delivers it after so long, for example `10m`. Does not wait, unless `wait` is true. */
  readonly in?: string;
  /** It may be typed in one turn with others that wait for the same agent. */
  readonly join?: boolean;
  /** False: resolves as soon as it is accepted. Default: true, and false with `at` and `in`. */
  readonly wait?: boolean;
}

export interface BroadcastOptions extends SendOptions {
  /** Agents and groups. Default: all agents. */
  readonly to?: readonly string[];
  /** Agents and groups to leave out. */
  readonly except?: readonly string[];
  /** So long between one agent and the next, for example `2s`. */
  readonly stagger?: string;
}

export interface RetryOptions extends WaitOptions {
  /** Only messages to this agent. */
  readonly agent?: string;
  /** Only this message. */
  readonly id?: string;
  /** Only those that failed at least so long ago, for example `10m`. */
  readonly olderThan?: string;
  /** Also those that may have been submitted: they may arrive twice. */
  readonly unconfirmed?: boolean;
}

export interface InboxOptions {
  /** Only what its agent has not read, acknowledged or answered. */
  readonly unread?: boolean;
}
