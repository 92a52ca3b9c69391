/** A text that an attempt left in a composer where no keys take it out: it must not stay there unsubmitted. */
import { caughtUp } from "./caught-up.ts";
import { holdsText } from "./holds-text.ts";
import { isAlive, type Seen, type Work } from "./work.ts";

/** The composer holds exactly the text, which may be gone on from there. */
export function isLeftWhole(work: Work, seen: Seen): boolean {
  if (work.profile.clear.length > 0 || work.marksLeft > 0) return false;
  return holdsText(work, seen) && isAlive(work, seen);
}

/** The composer as it is once the characters that killed workers typed have come, and are erased. */
export async function withoutEarlierMarks(work: Work, seen: Seen) {
  return work.marksLeft > 0 ? caughtUp(work, seen) : ({ ok: true, seen } as const);
}
