/** Messages as `--json` shows them. Public: names and meanings do not change. */
import type { Config } from "../config/config.ts";
import type { MessageEvent } from "../domain/events.ts";
import { dueAt, type Message } from "../domain/message.ts";
import type { MessageState, Status } from "../domain/status.ts";
import { isTime } from "../domain/time.ts";
import type { StoredMessage } from "../ports/store.ts";
import type { Counts, EventReport, MessageHistory, MessageReport } from "./answers.ts";

/** A message and what is known of it. */
export interface Sent {
  readonly message: Message;
  readonly state: MessageState;
}

/** As `send` prints it, without the schema. */
export function messageJson({ message, state }: Sent, { agents }: Pick<Config, "agents">): MessageReport {
  return {
    id: message.id,
    broadcast_id: message.broadcastId,
    recipient: message.recipient,
    sender: message.sender,
    priority: message.priority,
    status: state.status,
    evidence: state.evidence,
    transport: agents.get(message.recipient)?.transport ?? null,
    attempts: state.attempts,
    error: state.error,
    inbox_file: state.inboxFile,
    accepted_at: iso(message.acceptedAt),
    finished_at: iso(state.finishedAt),
    delivery_ms: deliveryMs({ message, state }),
  };
}

/** Everything about one message but its body, which `read` prints. */
export function messageDetails(stored: StoredMessage, config: Pick<Config, "agents">): MessageHistory {
  const { message, state, events } = stored;
  return {
    ...messageJson(stored, config),
    key: message.key,
    raw: message.raw,
    join: message.join,
    sha256: message.sha256,
    body_bytes: Buffer.byteLength(message.body),
    not_before: iso(message.notBefore),
    expires_at: iso(message.expiresAt),
    next_attempt_at: iso(state.nextAttemptAt),
    total_attempts: state.totalAttempts,
    updated_at: iso(state.updatedAt),
    events: events.map(eventJson),
  };
}

/** How many messages are in each state; all states are there. */
export function countsJson(sent: readonly Sent[]): Counts {
  const countOf = (status: Status) => sent.filter(({ state }) => state.status === status).length;
  return {
    queued: countOf("queued"),
    delivering: countOf("delivering"),
    delivered: countOf("delivered"),
    failed: countOf("failed"),
    unconfirmed: countOf("unconfirmed"),
    cancelled: countOf("cancelled"),
    expired: countOf("expired"),
  };
}

/** Milliseconds from acceptance, or from its time, to delivery; or null. */
export function deliveryMs({ message, state }: Sent): number | null {
  if (state.status !== "delivered" || state.finishedAt === null) return null;
  return Math.max(0, state.finishedAt - dueAt(message));
}

/** ISO 8601 in UTC, or null. */
export function iso(at: number): string;
export function iso(at: number | null): string | null;
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** `nextAttemptAt` in milliseconds becomes `next_attempt_at` in ISO 8601, and so on. */
function eventJson(event: MessageEvent): EventReport {
  const { type, at, ...rest } = event;
  const fields = Object.entries(rest).map(([name, value]: [string, unknown]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    name.endsWith("At") && isTime(value) ? iso(value) : value,
  ]);
  return { type, at: iso(at), ...Object.fromEntries(fields) };
}
