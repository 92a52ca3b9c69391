/**
 * Proves an empty composer by an answer instead of by silence: a page that stands still is silent too.
 *
 * One character is typed at the end and all is read back. Only one character: the composer was empty. The text and one
 * more: it still holds the text. The character is taken out again by one step back from the end, which does nothing
 * where the page has cleared the field meanwhile. It is typed, not pasted: where a copy from before is still to be
 * answered, a paste would put that copy there.
 */
import type { Guarded, Refusal } from "../../ports/desktop.ts";
import { sameText, without } from "./same-text.ts";
import { lookKeys, type Work } from "./work.ts";

/** A key that types one character on every layout, opens no menu, and does no harm if a person submits it. */
const MARK_KEY = "x";
/** A reading without the character is looked at again for so long: in milliseconds, and times the first answer. */
const LATE_FLOOR_MS = 300;
const LATE_FACTOR = 2;

/** `mixed`: the text with something else. `other`: something else is there, and not the text. `no_answer`: the field does not take or show the character. */
export type Holds = "nothing" | "text" | "mixed" | "other" | "no_answer";

export async function holdsNow(work: Work, patienceMs: number): Promise<Guarded<{ readonly holds: Holds }>> {
  const { hands, profile, attempt } = work;
  work.isMarkLeft = true;
  const read = await markedReading(work, patienceMs);
  if (typeof read !== "string") return read;
  if (sameText(read, attempt.text)) return { ok: true, holds: "text" };
  const isText = isOneLonger(read, attempt.text);
  if (read === "" || !(isText || isMark(read) || without(read, attempt.text) !== null)) {
    return { ok: true, holds: read === "" ? "no_answer" : "other" };
  }
  const erased = await hands.press([profile.caretEnd, profile.erase]);
  if (!erased.ok) return erased;
  work.isMarkLeft = false;
  if (isMark(read)) return { ok: true, holds: "nothing" };
  return { ok: true, holds: isText ? "text" : "mixed" };
}

/** Types the character and reads; a page that stood still first answers copies from before, so it is looked at again. */
async function markedReading(work: Work, patienceMs: number): Promise<string | Refusal> {
  const { hands, profile, attempt, clock } = work;
  const keys = { ...lookKeys(work), select: [profile.caretEnd, MARK_KEY, profile.selectAll] };
  let looked = await hands.look(keys, patienceMs);
  let read = "";
  let until: number | null = null;
  for (;;) {
    if (!looked.ok) return looked;
    if (looked.look.kind === "silence") return read;
    read = looked.look.content.text;
    until ??= clock.monotonic() + Math.max(LATE_FLOOR_MS, looked.look.ms * LATE_FACTOR);
    if (isMark(read) || isOneLonger(read, attempt.text) || clock.monotonic() >= until) return read;
    looked = await hands.look(lookKeys(work), patienceMs);
  }
}

/** True when this is one character alone, as a control types it. */
export function isMark(text: string): boolean {
  return /^\S$/u.test(text.trim());
}

/** True when `read` is the text with one more character at its end. */
export function isOneLonger(read: string, text: string): boolean {
  const shorter = read.trimEnd().slice(0, -1);
  return !sameText(read, text) && sameText(shorter, text);
}
