/**
 * Looks again where something of an earlier attempt may still be on its way into the composer. A page that stood still
 * pastes now what it was told to then, and answers the copy behind that: the reading of this attempt can be that answer,
 * and the one to its own copy, behind its own paste, is still to come. Answers come in order: the next ones tell.
 */
import type { Outcome } from "../../domain/outcome.ts";
import { sameText } from "./same-text.ts";
import { deferred, look, lookKeys, refused, type Work } from "./work.ts";

const LOOKS = 2;

/** Null: the composer holds the text and nothing else, seen twice more. */
export async function provenWhole(work: Work, patienceMs: number): Promise<Outcome | null> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const looked = await look(work, lookKeys(work), patienceMs);
    if (!looked.ok) return refused(looked);
    const isWhole = looked.look.kind === "text" && sameText(looked.look.content.text, work.attempt.text);
    if (!isWhole) return deferred(notWhole(work));
  }
  return null;
}

function notWhole({ agent }: Work) {
  return {
    code: "readback_mismatch" as const,
    message: `the input field of ${agent.name} held more than the message, or stopped answering`,
    hint: "nothing was submitted; the message is tried again by itself",
  };
}
