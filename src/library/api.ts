/**
 * The types of the package's entry. What a call gives is what its command prints with `--json`, to the letter:
 * `schema/output.schema.json` describes both.
 */
import type { AlertCode, AlertNotice } from "../domain/alert.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Priority } from "../domain/message.ts";
import type { Status } from "../domain/status.ts";

export type { AlertCode, DeliveryError, Evidence, Priority, Status };

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

interface Schema {
  readonly schema: 1;
}

/** ISO 8601 in UTC. */
export type Time = string;

/** A message and what is known of it. */
export interface MessageReport {
  readonly id: string;
  readonly broadcast_id: string | null;
  readonly recipient: string;
  readonly sender: string;
  readonly priority: Priority;
  readonly status: Status;
  readonly evidence: readonly Evidence[];
  /** Null: the recipient is no longer in the configuration. */
  readonly transport: "inbox" | "tmux" | "desktop" | null;
  readonly attempts: number;
  /** Why the last attempt failed. Codes are stable words, texts may change. */
  readonly error: DeliveryError | null;
  /** Relative to the workspace. */
  readonly inbox_file: string | null;
  readonly accepted_at: Time;
  readonly finished_at: Time | null;
  /** From acceptance, or from its time, to delivery; null unless it is delivered. */
  readonly delivery_ms: number | null;
}

export interface MessageHistory extends MessageReport {
  readonly key: string | null;
  readonly raw: boolean;
  readonly join: boolean;
  readonly sha256: string;
  readonly body_bytes: number;
  readonly not_before: Time | null;
  readonly expires_at: Time | null;
  readonly next_attempt_at: Time | null;
  readonly total_attempts: number;
  readonly updated_at: Time;
  readonly events: readonly EventReport[];
}

/** What happened, with what belongs to it. */
export interface EventReport {
  readonly type: string;
  readonly at: Time;
  readonly [field: string]: unknown;
}

export type Counts = Readonly<Record<Status, number>>;

export interface InboxReport {
  readonly agent: string;
  readonly messages: readonly InboxMessage[];
}

export interface InboxMessage {
  readonly id: string;
  readonly sender: string;
  readonly priority: string;
  readonly accepted_at: Time;
  readonly inbox_file: string;
  readonly first_line: string;
  readonly unread: boolean;
}

export interface StatusReport {
  readonly as_of: Time;
  readonly worker: { readonly running: boolean; readonly pid: number | null };
  readonly counts: Counts;
  readonly agents: Readonly<Record<string, AgentReport>>;
  readonly metrics: MetricsReport;
  readonly alerts: readonly AlertReport[];
  /** The last run of `alerts.command`, where it did not succeed. */
  readonly alert_command: AlertCommandReport | null;
  readonly lock: LockReport | null;
  readonly oldest_waiting_at: Time | null;
  readonly drops: number;
  readonly bad: {
    readonly files: readonly { readonly file: string; readonly reason: string }[];
    readonly total: number;
  };
  readonly messages: readonly MessageReport[];
}

export interface AlertReport {
  readonly code: AlertCode;
  readonly message: string;
  /** Since when it fires; null where nobody saw it begin. */
  readonly since: Time | null;
}

export interface AlertCommandReport {
  readonly failed_at: Time;
  readonly event: AlertNotice["event"];
  readonly code: AlertCode;
  readonly reason: string;
}

export interface AgentReport {
  readonly transport: "inbox" | "tmux" | "desktop" | null;
  readonly state: "person_needed" | "failing" | "removed" | "paused" | "delivering" | "waiting" | "ready";
  readonly reason: string | null;
  readonly queued: number;
  /** Of the queued ones: for later. */
  readonly scheduled: number;
  readonly delivering: number;
  readonly failed: number;
  readonly unconfirmed: number;
  readonly delays: Readonly<Record<string, { readonly median_ms: number; readonly p95_ms: number }>>;
}

/** Null: nothing happened in the window that would tell. */
export interface MetricsReport {
  readonly success_rate: number | null;
  readonly average_delivery_ms: number | null;
  readonly p95_delivery_ms: number | null;
  readonly retry_rate: number | null;
  readonly recovery_rate: number | null;
  readonly lock_wait_p95_ms: number | null;
}

export interface LockReport {
  readonly display: string;
  readonly holder: LockUser | null;
  readonly waiting: readonly LockUser[];
}

export interface LockUser {
  readonly pid: number;
  readonly purpose: string;
  readonly since: Time;
}

export interface Sent extends MessageReport, Schema {}

export interface MessageDetails extends MessageHistory, Schema {}

export interface Retried extends Schema {
  readonly counts: Counts;
  readonly messages: readonly MessageReport[];
}

export interface Broadcast extends Retried {
  readonly broadcast_id: string | null;
}

export interface StatusOfAll extends StatusReport, Schema {}

export interface InboxOfAgent extends InboxReport, Schema {}

/** What was asked can't be done as it stands. Nothing was accepted. */
export interface Refused extends Schema {
  readonly error: {
    readonly code: RefusalCode;
    readonly message: string;
    readonly hint: string;
    /** With `configuration`: every problem of it. */
    readonly problems?: readonly ConfigProblem[];
  };
}

/** Stable words, as in `docs/errors.md`. */
export type RefusalCode = "usage" | "configuration" | "unknown_name" | "not_stored" | "interrupted";

export interface ConfigProblem {
  /** Place in `swarm.json`, or the name of a variable. */
  readonly path: string;
  readonly message: string;
  readonly nearest: string | null;
}
