/** A text that an attempt left in a composer where no keys take it out: it must not stay there unsubmitted. */
import { isBeforeMarks } from "./beside-own.ts";
import { ERASE } from "./clear.ts";
import { holdsText } from "./holds-text.ts";
import { isAlive, lookUntil, type Seen, textOf, type Work } from "./work.ts";

/** Characters behind it that attempts typed to see that all is done with; one is left by each that was cut off. */
const MARKS = 5;
const ERASED_MS = 2_000;

/** The composer that holds exactly the text, which may be gone on from there. Null: it does not, or the text can be taken out. */
export async function leftWhole(work: Work, seen: Seen): Promise<Seen | null> {
  if (work.profile.clear.length > 0) return null;
  let now = seen;
  for (let marks = 0; marks < MARKS && isMarked(work, now); marks++) {
    const erased = await work.pane.press([ERASE], now.screen);
    if (!erased.ok) return null;
    const text = textOf(now);
    const left = await lookUntil(work, ERASED_MS, (next) => textOf(next) !== text);
    if (!left.ok || !left.isIt) return null;
    now = left;
  }
  return holdsText(work, now) && isAlive(work, now) ? now : null;
}

function isMarked(work: Work, seen: Seen): boolean {
  return !holdsText(work, seen) && isAlive(work, seen) && isBeforeMarks(textOf(seen), work.attempt.text);
}
