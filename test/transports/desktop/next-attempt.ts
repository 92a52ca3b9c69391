import type { Outcome } from "../../../src/domain/outcome.ts";
import { applyEvent, settleEvent } from "../../../src/domain/status.ts";
import type { Attempt } from "../../../src/ports/transport.ts";

const POLICY = { attempts: 20, backoff: { initialMs: 1_000, factor: 2, maxMs: 30_000 } };

/** The attempt that follows one which ended so, with the state that is on record by then. */
export function nextAttempt(attempt: Attempt, outcome: Outcome): Attempt {
  const settled = applyEvent(attempt.state, settleEvent(attempt.state, outcome, 0, POLICY, 0));
  const number = settled.totalAttempts + 1;
  return { ...attempt, state: applyEvent(settled, { type: "claimed", at: 0, attempt: number, pid: 1 }) };
}

/** The same after a person has queued the message again. */
export function retried(attempt: Attempt): Attempt {
  return { ...attempt, state: applyEvent(attempt.state, { type: "retried", at: 0 }) };
}
