/** What an earlier worker left behind: messages whose attempt was cut off, and messages that it put off. */
import type { Agent } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { MessageEvent } from "../domain/events.ts";
import type { RetryPolicy } from "../domain/retry.ts";
import { settleEvent } from "../domain/status.ts";
import type { DeliverySettings } from "../ports/settings.ts";
import type { StoredMessage } from "../ports/store.ts";
import { byStep } from "./attempt.ts";

export type Recovery =
  /** The composer was not touched, or the agent has no composer any more: what the events say decides. */
  | { readonly kind: "settle"; readonly event: MessageEvent }
  /** The transport has to look what became of it. */
  | { readonly kind: "resume" };

/** `agent`: the recipient as it is configured now, if it is. `random` in [0, 1) spreads the next attempt. */
export function recoveryOf(
  stored: StoredMessage,
  agent: Agent | undefined,
  now: number,
  policy: RetryPolicy,
  random: number,
): Recovery {
  const { state } = stored;
  const isTouched = state.step === "intent" || state.step === "typed" || state.step === "submitted";
  if (isTouched && agent && agent.transport !== "inbox") return { kind: "resume" };
  return {
    kind: "settle",
    event: settleEvent(state, byStep(stored.message, state, workerDied(stored)), now, policy, random),
  };
}

/** Milliseconds until the time of its next attempt; a clock that was set back does not make a message wait for hours. */
export function pauseMs(nextAttemptAt: number | null, { retry }: DeliverySettings, now: number): number {
  const longestMs = Math.max(retry.backoff.maxMs, 60_000);
  return Math.min(Math.max(0, (nextAttemptAt ?? 0) - now), longestMs);
}

function workerDied({ message, state }: StoredMessage): DeliveryError {
  return {
    code: "worker_died",
    message: `the worker ended in the middle of attempt ${state.totalAttempts} to reach ${message.recipient}`,
    hint:
      state.step === "typed"
        ? `look at ${message.recipient}; if the message is not there: swarm retry-failed --unconfirmed --id ${message.id}`
        : "it is tried again by itself; runtime/worker.log may say why the worker ended",
  };
}
