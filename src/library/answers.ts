/**
 * What the calls of the package's entry answer: what their commands print with `--json`, to the letter.
 * `schema/output.schema.json` describes both.
 */
import type { AlertCode, AlertNotice } from "../domain/alert.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Priority } from "../domain/message.ts";
import type { Status } from "../domain/status.ts";

export type { AlertCode, DeliveryError, Evidence, Priority, Status };

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
