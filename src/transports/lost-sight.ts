import type { Outcome } from "../domain/outcome.ts";
import type { Attempt } from "../ports/transport.ts";

/** The text stood in the composer, and nobody can see any more what became of it. */
export function lostSight(attempt: Attempt, why: string): Outcome {
  return {
    kind: "unknown",
    error: {
      code: "submit_unproven",
      message: `the message may have been submitted to ${attempt.agent.name}, and nothing proves it: ${why}`,
      hint: `look at ${attempt.agent.name}; if it is not there: swarm retry-failed --unconfirmed --id ${attempt.message.id}`,
    },
  };
}
