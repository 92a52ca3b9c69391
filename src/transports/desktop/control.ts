/**
 * Proves an empty composer by an answer instead of by silence: a page that stands still is silent too.
 *
 * One character is pasted at the end and all is read back. Only that character: the composer was empty. The text and
 * the character: it still holds the text. The character is taken out again by one step back from the end, which does
 * nothing where the page has cleared the field meanwhile; the text itself is never put there a second time.
 */
import type { Guarded } from "../../ports/desktop.ts";
import { sameText } from "./same-text.ts";
import type { Work } from "./work.ts";

/** Opens no menu in any composer known, and does no harm if a person submits it. */
const MARK = ".";

/** `other`: something else is there, and not the text. `no_answer`: the field does not take or show the character. */
export type Holds = "nothing" | "text" | "other" | "no_answer";

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
  const read = pasted.look.kind === "text" ? pasted.look.content.text : "";
  if (!read.trimEnd().endsWith(MARK)) return { ok: true, holds: "no_answer" };
  const erased = await hands.press([caretEnd, erase]);
  if (!erased.ok) return erased;
  work.isMarkLeft = false;
  if (sameText(read, MARK)) return { ok: true, holds: "nothing" };
  return { ok: true, holds: sameText(read, attempt.text + MARK) ? "text" : "other" };
}

/** True when this is the character alone, left by a control whose end was cut off. */
export function isMark(text: string): boolean {
  return sameText(text, MARK);
}
