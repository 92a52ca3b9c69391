/** Does with a message what its text says: `deliver`, `fail`, `doubt`, and the same `with a draft`. */
import type { Outcome } from "../../src/domain/outcome.ts";
import type { Attempt, Transport } from "../../src/ports/transport.ts";
import type { Clock } from "../../src/ports/world.ts";

export const DRAFT = "half a sentence of a person";

const ERROR = { code: "window_not_found", message: "no window has that title", hint: "open it" } as const;

export function scriptedTypist(clock: Pick<Clock, "now">): Transport {
  const deliver = (attempt: Attempt): Promise<Outcome> => Promise.resolve(outcomeOf(attempt, clock.now()));
  return { deliver, resume: deliver, close: () => Promise.resolve() };
}

function outcomeOf(attempt: Attempt, at: number): Outcome {
  const { body } = attempt.message;
  attempt.record({ type: "intent", at, window: "w" }, true);
  const owed = attempt.state.draftFile;
  const file = body.includes("with a draft") && owed === null ? attempt.saveDraft(DRAFT) : owed;
  if (file !== null && owed === null) attempt.record({ type: "draft_saved", at, file }, true);
  // Tried again after it has failed: the window is there now.
  const isMended = attempt.state.totalAttempts > 1;
  if (body.startsWith("fail") && !isMended) return { kind: "rejected", error: ERROR };
  if (body.startsWith("doubt")) return { kind: "unknown", error: ERROR };
  if (file !== null && attempt.readDraft(file) !== DRAFT) throw new Error("the person's draft is lost");
  attempt.record({ type: "typed", at, ms: 1 }, true);
  attempt.record({ type: "submitted", at, ms: 1, enters: 1 }, true);
  if (file !== null) attempt.record({ type: "draft_restored", at, file }, false);
  return { kind: "confirmed" };
}
