/**
 * Proves an empty composer by an answer instead of by silence: a page that stands still is silent too.
 *
 * One character is pasted at the end and all is read back. Only that character: the composer was empty. The text and
 * the character: it still holds the text. The character is taken out again by one step back from the end, which does
 * nothing where the page has cleared the field meanwhile; the text itself is never put there a second time.
 */
import type { Guarded, Look, Refusal } from "../../ports/desktop.ts";
import { sameText, without } from "./same-text.ts";
import { lookKeys, type Work } from "./work.ts";

/** Opens no menu in any composer known, and does no harm if a person submits it. */
const MARK = ".";
/** A reading without the character is looked at again for so long: in milliseconds, and times the first answer. */
const LATE_FLOOR_MS = 300;
const LATE_FACTOR = 2;

/** `mixed`: the text with something else. `other`: something else is there, and not the text. `no_answer`: the field does not take or show the character. */
export type Holds = "nothing" | "text" | "mixed" | "other" | "no_answer";

export async function holdsNow(work: Work, patienceMs: number): Promise<Guarded<{ readonly holds: Holds }>> {
  const { hands, profile, attempt } = work;
  const { paste, selectAll, copy, caretEnd, erase } = profile;
  work.isMarkLeft = true;
  const pasted = await hands.pasteAndLook(
    { text: MARK, flavors: {} },
    { before: caretEnd, paste, selectAll, copy },
    patienceMs,
  );
  if (!pasted.ok) return pasted;
  const read = await settled(work, pasted.look, patienceMs);
  if (typeof read !== "string") return read;
  if (!isMarked(read, attempt.text))
    return { ok: true, holds: sameText(read, attempt.text) ? "text" : "no_answer" };
  const erased = await hands.press([caretEnd, erase]);
  if (!erased.ok) return erased;
  work.isMarkLeft = false;
  if (sameText(read, MARK)) return { ok: true, holds: "nothing" };
  if (sameText(read, attempt.text + MARK)) return { ok: true, holds: "text" };
  return { ok: true, holds: without(read, attempt.text) === null ? "other" : "mixed" };
}

/**
 * The reading with the character in it, or the last one when it does not come: a page that stood still first answers
 * the copies from before.
 */
async function settled(work: Work, first: Look, patienceMs: number): Promise<string | Refusal> {
  const until = work.clock.monotonic() + Math.max(LATE_FLOOR_MS, first.ms * LATE_FACTOR);
  let read = first.kind === "text" ? first.content.text : "";
  while (first.kind === "text" && !isMarked(read, work.attempt.text) && work.clock.monotonic() < until) {
    const looked = await work.hands.look(lookKeys(work), patienceMs);
    if (!looked.ok) return looked;
    if (looked.look.kind === "silence") break;
    read = looked.look.content.text;
  }
  return read;
}

/** The text itself may end with the character: that is a reading from before the control. */
function isMarked(read: string, text: string): boolean {
  return read.trimEnd().endsWith(MARK) && !sameText(read, text);
}

/** True when this is the character alone, left by a control whose end was cut off. */
export function isMark(text: string): boolean {
  return sameText(text, MARK);
}
