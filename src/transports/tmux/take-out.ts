/** The composer shows something else than what was pasted: ours is taken out of it, and a person's is not lost. */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { besideOwn } from "./beside-own.ts";
import { cleared, keep, keepText } from "./clear.ts";
import { isBlank } from "./same-screen-text.ts";
import { typing } from "./screen-trouble.ts";
import { deferred, type Seen, textOf, type Work } from "./work.ts";

export async function takeOut(work: Work, seen: Seen): Promise<Outcome> {
  const { attempt, profile } = work;
  const shown = textOf(seen);
  const rest = besideOwn(shown, attempt.text, profile.longPaste);
  const isOurs = rest !== null || shown.includes(attempt.message.id);
  // Nothing of ours is in it: somebody types there, and it is not for us to take that away.
  if (!isOurs) return deferred(mismatch(work));
  if (profile.clear.length === 0) return leftBeside(work);
  const isPersons = rest !== null && !isBlank(rest);
  // A text of ours that the agent has changed; on disk all the same, for what a person may have added.
  if (rest === null) attempt.saveDraft(shown);
  else if (isPersons && work.draft) keepText(work, work.draft.text + rest);
  else if (isPersons) keep(work, rest, seen);
  const end = await cleared(work, seen);
  return end ?? (isPersons ? typing(work) : deferred(mismatch(work)));
}

/** Whoever presses Enter there submits it: it is not typed again. */
export function leftBeside({ agent, attempt, pane, profile }: Work): Outcome {
  return {
    kind: "unknown",
    error: {
      code: "readback_mismatch",
      message: `the message stands in the composer of ${agent.name} (pane ${pane.where}) beside something else, was not submitted, and the profile "${profile.name}" has no keys that take it out`,
      hint: `remove or submit it there by hand; to send it anew: swarm retry-failed --unconfirmed --id ${attempt.message.id}`,
    },
  };
}

function mismatch({ agent, pane }: Work): DeliveryError {
  return {
    code: "readback_mismatch",
    message: `the composer of ${agent.name} (pane ${pane.where}) showed other text than what was pasted`,
    hint: "nothing was submitted; somebody else may be writing there; the message is tried again by itself",
  };
}
