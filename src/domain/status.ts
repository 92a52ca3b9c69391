/**
 * The state machine of a message.
 *
 *   queued → delivering → delivered | failed | unconfirmed        queued → cancelled | expired
 *   delivering → queued   (deferred: counts an attempt; handed back: does not)
 *   failed, unconfirmed → queued      (retry-failed, by a person or a script)
 *   failed, unconfirmed → cancelled   (purge, by a person or a script)
 *
 * `replay` folds a message's events into its state; `settleEvent` is the one next-state function: pure and total.
 */
import type { DeliveryError } from "./errors.ts";
import type { MessageEvent } from "./events.ts";
import type { Evidence } from "./evidence.ts";
import type { Outcome } from "./outcome.ts";
import { type RetryPolicy, retryDelayMs } from "./retry.ts";

export const STATUSES = [
  "queued",
  "delivering",
  "delivered",
  "failed",
  "unconfirmed",
  "cancelled",
  "expired",
] as const;
export type Status = (typeof STATUSES)[number];

export function isFinished(status: Status): boolean {
  return status !== "queued" && status !== "delivering";
}

export interface MessageState {
  readonly status: Status;
  /** Attempts that counted since acceptance or since the last `retry-failed`. */
  readonly attempts: number;
  /** All attempts ever made. */
  readonly totalAttempts: number;
  /** Of these, those that were handed back and do not count. */
  readonly handedBack: number;
  readonly evidence: readonly Evidence[];
  readonly error: DeliveryError | null;
  /** Milliseconds since 1970; null when it may be tried at once. */
  readonly nextAttemptAt: number | null;
  readonly finishedAt: number | null;
  readonly updatedAt: number;
  /** Path of the inbox file relative to the workspace root, once written. */
  readonly inboxFile: string | null;
  /** The step that the unfinished attempt had reached by its last event, or null. */
  readonly step: "claimed" | "intent" | "typed" | "submitted" | null;
  /** A draft that was saved and not yet put back. */
  readonly draftFile: string | null;
  /** So many characters of controls may stand in the composer, or be on their way to it. */
  readonly marksLeft: number;
  /** The messages with which the unfinished attempt types it in one turn, in order; none: it is alone. */
  readonly joined: readonly string[];
  /** The last attempt that ended left the text in the composer, unsubmitted: a person may have submitted it since. */
  readonly isTextLeft: boolean;
}

export function initialState(acceptedAt: number): MessageState {
  return {
    status: "queued",
    attempts: 0,
    totalAttempts: 0,
    handedBack: 0,
    evidence: [],
    error: null,
    nextAttemptAt: null,
    finishedAt: null,
    updatedAt: acceptedAt,
    inboxFile: null,
    step: null,
    draftFile: null,
    marksLeft: 0,
    joined: [],
    isTextLeft: false,
  };
}

export function replay(acceptedAt: number, events: readonly MessageEvent[]): MessageState {
  return events.reduce(applyEvent, initialState(acceptedAt));
}

export function applyEvent(state: MessageState, event: MessageEvent): MessageState {
  const next = { ...state, updatedAt: event.at };
  switch (event.type) {
    case "claimed":
      return {
        ...next,
        status: "delivering",
        attempts: state.attempts + 1,
        totalAttempts: state.totalAttempts + 1,
        nextAttemptAt: null,
        step: "claimed",
        joined: [],
        evidence: state.evidence.filter((e) => e === "inbox_file" || e === "acknowledged"),
      };
    case "inbox_file":
      return { ...next, inboxFile: event.file, evidence: withEvidence(state, "inbox_file") };
    case "joined":
      return { ...next, joined: event.ids };
    case "intent":
      return { ...next, step: "intent" };
    case "draft_saved":
      return { ...next, draftFile: event.file };
    case "draft_restored":
      return { ...next, draftFile: null };
    case "mark_typed":
      return { ...next, marksLeft: state.marksLeft + 1 };
    case "mark_erased":
      return { ...next, marksLeft: 0 };
    case "typed":
      return { ...next, step: "typed", evidence: withEvidence(state, "typed") };
    case "submitted":
      return { ...next, step: "submitted", evidence: withEvidence(state, "submitted") };
    case "deferred":
      return {
        ...next,
        status: "queued",
        error: event.error,
        nextAttemptAt: event.nextAttemptAt,
        step: null,
        isTextLeft: event.isTextLeft === true,
      };
    case "handed_back":
      return {
        ...next,
        status: "queued",
        attempts: Math.max(0, state.attempts - 1),
        handedBack: state.handedBack + 1,
        error: event.error,
        nextAttemptAt: event.nextAttemptAt,
        step: null,
        isTextLeft: event.isTextLeft === true,
      };
    case "waits":
      return { ...next, error: event.error };
    case "delivered":
      return { ...next, status: "delivered", error: null, finishedAt: event.at, step: null };
    case "failed":
      return { ...next, status: "failed", error: event.error, finishedAt: event.at, step: null };
    case "unconfirmed":
      return { ...next, status: "unconfirmed", error: event.error, finishedAt: event.at, step: null };
    case "cancelled":
      return { ...next, status: "cancelled", finishedAt: event.at, step: null };
    case "expired":
      return { ...next, status: "expired", finishedAt: event.at, step: null };
    case "retried":
      return {
        ...next,
        status: "queued",
        attempts: 0,
        nextAttemptAt: null,
        finishedAt: null,
        step: null,
        isTextLeft: false, // whoever did that has decided about it
        evidence: state.evidence.filter((e) => e === "inbox_file" || e === "acknowledged"),
      };
    case "acknowledged":
      return { ...next, evidence: withEvidence(state, "acknowledged") };
    default:
      return event satisfies never;
  }
}

function withEvidence(state: MessageState, evidence: Evidence): readonly Evidence[] {
  return state.evidence.includes(evidence) ? state.evidence : [...state.evidence, evidence];
}

/**
 * The event that ends an attempt with this outcome. `random` is in [0, 1) and spreads the retries.
 * A deferred attempt that was the last allowed one becomes `failed` with the attempt's own error, or `unconfirmed` where
 * the text still stands in the composer.
 */
export function settleEvent(
  state: MessageState,
  outcome: Outcome,
  now: number,
  policy: RetryPolicy,
  random: number,
): MessageEvent {
  switch (outcome.kind) {
    case "confirmed":
      return { type: "delivered", at: now };
    case "deferred":
      if (state.attempts < policy.attempts)
        return {
          type: "deferred",
          at: now,
          error: outcome.error,
          nextAttemptAt: now + retryDelayMs(policy, state.attempts, random),
          ...left(outcome),
        };
      return outcome.standing
        ? { type: "unconfirmed", at: now, error: outcome.standing }
        : { type: "failed", at: now, error: outcome.error };
    case "handed_back":
      return {
        type: "handed_back",
        at: now,
        error: outcome.error,
        nextAttemptAt: now + (outcome.retryInMs ?? policy.backoff.initialMs),
        ...left(outcome),
      };
    case "rejected":
      return { type: "failed", at: now, error: outcome.error };
    case "unknown":
      return { type: "unconfirmed", at: now, error: outcome.error };
    default:
      return outcome satisfies never;
  }
}

function left({ standing }: { readonly standing?: DeliveryError }): { readonly isTextLeft?: true } {
  return standing === undefined ? {} : { isTextLeft: true };
}
