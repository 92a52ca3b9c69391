/**
 * Proves that nothing of an earlier attempt is still on its way into the composer. A page that stood still may paste now
 * what it was told to then: the reading of this attempt can be of that paste, and the one of this attempt follow it.
 *
 * One character is typed behind the text and all is read: what was pressed before is done with by then.
 */
import type { Outcome } from "../../domain/outcome.ts";
import { eraseMark, isOneLonger, markedReading } from "./control.ts";
import { deferred, refused, type Work } from "./work.ts";

/** Null: the composer holds the text and nothing else, and no paste follows. */
export async function provenWhole(work: Work, patienceMs: number): Promise<Outcome | null> {
  const read = await markedReading(work, patienceMs);
  if (typeof read !== "string") return refused(read);
  if (!isOneLonger(read, work.attempt.text)) return deferred(notWhole(work));
  const erased = await eraseMark(work, read);
  if (!erased.ok) return refused(erased);
  return work.isMarkLeft ? deferred(notWhole(work)) : null;
}

function notWhole({ agent }: Work) {
  return {
    code: "readback_mismatch" as const,
    message: `the input field of ${agent.name} held more than the message, or stopped answering`,
    hint: "nothing was submitted; the message is tried again by itself",
  };
}
