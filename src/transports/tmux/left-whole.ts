/** A text that an attempt left in a composer where no keys take it out: it must not stay there unsubmitted. */
import { caughtUp } from "./caught-up.ts";
import { showsAll } from "./same-screen-text.ts";
import { isAlive, type Seen, textOf, type Work } from "./work.ts";

/**
 * The composer holds exactly the text, which may be gone on from there. All of it must show, with its id: a mark for a
 * long paste, or the end of a tall text, may be that of another message, or a person's.
 */
export function isLeftWhole(work: Work, seen: Seen): boolean {
  if (work.profile.clear.length > 0 || work.marksLeft > 0) return false;
  return showsAll(textOf(seen), work.attempt.text) && isAlive(work, seen);
}

/** The composer as it is once the characters that killed workers typed have come, and are erased. */
export async function withoutEarlierMarks(work: Work, seen: Seen) {
  return work.marksLeft > 0 ? caughtUp(work, seen) : ({ ok: true, seen } as const);
}
