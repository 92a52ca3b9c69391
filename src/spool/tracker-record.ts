/** What the tracker shows of one message. */
import type { DeliveryError } from "../domain/errors.ts";
import type { Evidence } from "../domain/evidence.ts";
import { dueAt, type Priority } from "../domain/message.ts";
import type { Status } from "../domain/status.ts";
import type { StoredMessage, Waiting } from "../ports/store.ts";

/** As it lies in `message_delivery_tracking.json`. Times are ISO 8601 in UTC. */
export interface TrackerRecord {
  readonly recipient: string;
  /** Null for the moment between the arrival of a message and the first look into its file. */
  readonly sender: string | null;
  readonly priority: Priority;
  /** When it was accepted. */
  readonly timestamp: string;
  readonly status: Status;
  /** Attempts after the first. */
  readonly retry_count: number;
  readonly error: DeliveryError | null;
  readonly evidence: readonly Evidence[];
  readonly updated_at: string;
  /** Milliseconds from acceptance, or from its time, to delivery; or null. */
  readonly delivery_ms: number | null;
}

export function trackerRecord({ message, state }: StoredMessage): TrackerRecord {
  const isDelivered = state.status === "delivered" && state.finishedAt !== null;
  return {
    recipient: message.recipient,
    sender: message.sender,
    priority: message.priority,
    timestamp: iso(message.acceptedAt),
    status: state.status,
    retry_count: Math.max(0, state.totalAttempts - 1),
    error: state.error,
    evidence: state.evidence,
    updated_at: iso(state.updatedAt),
    delivery_ms: isDelivered ? Math.max(0, state.finishedAt - dueAt(message)) : null,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Of a message to which nothing has happened yet: its name tells all but the sender. */
export function waitingRecord({ recipient, priority, order }: Waiting, sender: string | null): TrackerRecord {
  const at = isoOfMicros(acceptedMicros(order));
  return {
    recipient,
    sender,
    priority,
    timestamp: at,
    status: "queued",
    retry_count: 0,
    error: null,
    evidence: [],
    updated_at: at,
    delivery_ms: null,
  };
}

/** `"id": {…}` of the same, put together by hand, as there may be 100,000 of them in each write. */
export function untouchedText({ id, recipient, priority, order }: Waiting, sender: string | null): string {
  const at = isoOfMicros(acceptedMicros(order));
  return `"${id}": {"recipient":"${recipient}","sender":${JSON.stringify(sender)},"priority":"${priority}","timestamp":"${at}","status":"queued","retry_count":0,"error":null,"evidence":[],"updated_at":"${at}","delivery_ms":null}`;
}

/** An order ends with when the message was accepted, and its id. */
function acceptedMicros(order: string): string {
  return order.slice(-45, -29);
}

/** Many in a row are of the same second. */
let lastSecond = { digits: "", iso: "" };

function isoOfMicros(micros: string): string {
  const digits = micros.slice(0, 10);
  if (digits !== lastSecond.digits) lastSecond = { digits, iso: iso(Number(digits) * 1000).slice(0, 20) };
  return `${lastSecond.iso}${micros.slice(10, 13)}Z`;
}
