/**
 * Proves an empty composer by an answer instead of by silence: a page that stands still is silent too.
 *
 * One character, the mark, is typed at the end and all is read back. Only the mark: the composer was empty. The text and
 * the mark: it still holds the text. Then the mark is taken out again. It is typed, not pasted: where a copy from before
 * is still to be answered, a paste would put that copy there. It is typed once, however often the answer is waited for.
 */
import type { Guarded, Refusal } from "../../ports/desktop.ts";
import { selectEnd, settleCaret } from "./caret.ts";
import { ownTextIn } from "./keep-draft.ts";
import { besides, commonLength, isBlank, isCut, plain, sameText } from "./same-text.ts";
import { look, lookKeys, press, type Work } from "./work.ts";

/** A key that types one character on every layout, opens no menu, and does no harm if a person submits it. */
const MARK = "x";
const MOST_MARKS = 3;
/** A reading without the mark is looked at again for so long: in milliseconds, and times the first answer. */
const LATE_FLOOR_MS = 300;
const LATE_FACTOR = 2;
const FIRST_PAUSE_MS = 5;
/** So long one from before is waited for, in milliseconds. */
const STALE_MS = 3_000;
/** For seeing that the mark is what is selected: in milliseconds, and times the composer's usual answer. */
const ERASE_MS = 1_000;
const ERASE_FACTOR = 6;

/**
 * `cut`: the text without its last character, which a key has replaced.
 * `mixed`: the text with something else. `other`: something else, and not the text. `no_mark`: something that the mark
 * was not typed into, such as the page around a field that is closed. `no_answer`: silence.
 */
export type Holds = "nothing" | "text" | "cut" | "mixed" | "other" | "no_mark" | "no_answer";

export async function holdsNow(work: Work, patienceMs: number): Promise<Guarded<{ readonly holds: Holds }>> {
  const { text } = work.attempt;
  const settled = await settleCaret(work);
  if (!settled.ok) return settled;
  const { isMarkLeft, isMarkFromBefore } = work;
  const read = await markedReading(work, isMarkFromBefore ? Math.min(patienceMs, STALE_MS) : patienceMs);
  if (typeof read !== "string") return read;
  if (read === "" && !isMarkFromBefore) return { ok: true, holds: "no_answer" };
  if (sameText(read, text)) return { ok: true, holds: "text" };
  const rest = withoutOwnMark(work, read);
  if (rest === read) {
    // The page around a field that has not the focus says nothing of what stands in the field.
    if (isMarkLeft && isAmongOurs(work, read)) return { ok: true, holds: "no_mark" };
    noteMark(work, false);
    // One from before never came, or is gone: it has said nothing. Whoever typed it may have been killed before the key.
    return isMarkLeft ? holdsNow(work, patienceMs) : { ok: true, holds: "no_mark" };
  }
  // Somebody has typed on behind it.
  if (!endsWithMark(read)) return { ok: true, holds: meaning(rest + MARK, text) };
  const erased = await eraseMark(work, read);
  return erased.ok ? { ok: true, holds: meaning(read, text) } : erased;
}

function isAmongOurs(work: Work, read: string): boolean {
  const ours = ownTextIn(work, read);
  return ours !== null && !isBlank(ours.rest);
}

function meaning(read: string, text: string): Holds {
  if (isMark(read)) return "nothing";
  if (isOneLonger(read, text)) return "text";
  if (isCut(withoutMark(read), text)) return "cut";
  return besides(withoutMark(read), text) === null ? "other" : "mixed";
}

/** Types the mark and reads; a page that stood still first answers copies from before, so it is looked at again. */
async function markedReading(work: Work, patienceMs: number): Promise<string | Refusal> {
  const { profile, attempt, clock } = work;
  const typing = {
    ...lookKeys(work),
    select: [profile.caretEnd, MARK, profile.selectAll],
    lastCharacter: MARK,
  };
  const { isMarkLeft } = work;
  const keys = isMarkLeft ? lookKeys(work) : typing;
  noteMark(work, true);
  let looked = await look(work, keys, patienceMs);
  if (!looked.ok && !looked.mayBePressed) noteMark(work, isMarkLeft);
  let read = "";
  let until: number | null = null;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    if (!looked.ok) return looked;
    if (looked.look.kind === "silence") return read;
    read = looked.look.content.text;
    until ??= clock.monotonic() + Math.max(LATE_FLOOR_MS, looked.look.ms * LATE_FACTOR);
    if (isMark(read) || isOneLonger(read, attempt.text) || clock.monotonic() >= until) return read;
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    looked = await look(work, lookKeys(work), patienceMs);
  }
}

/** Takes the mark out of a composer that read so: alone, or as the one character that was seen to be selected. */
export async function eraseMark(work: Work, read: string): Promise<Guarded<object>> {
  const { profile } = work;
  const isAlone = isMark(read);
  if (!isAlone) {
    const selected = await selectEnd(work, read, ERASE_MS + work.answerMs * ERASE_FACTOR);
    if (!selected.ok) return selected;
    if (selected.end?.copied !== MARK) return { ok: true };
  }
  const erased = await press(work, isAlone ? [profile.caretEnd, profile.erase] : [profile.erase]);
  if (erased.ok) noteMark(work, false);
  return erased;
}

/** For whoever comes after a crash, too. A power cut takes composer and record alike: it need not be synced. */
export function noteMark(work: Work, isLeft: boolean): void {
  if (work.isMarkLeft === isLeft) return;
  work.isMarkLeft = isLeft;
  work.isMarkFromBefore = false;
  work.wasMarked ||= isLeft;
  work.attempt.record({ type: isLeft ? "mark_typed" : "mark_erased", at: work.clock.now() }, false);
}

/** A slow page may still answer with the mark when it has been erased already. */
export function isLateMark({ wasMarked }: Work, read: string): boolean {
  return wasMarked && isMarks(read);
}

/** What a page answered late, of a moment in which the mark may have stood at its end. */
export function withoutLateMark({ wasMarked }: Work, read: string): string {
  return wasMarked && endsWithMark(read) ? withoutMark(read) : read;
}

/** What was read, without the mark that may stand there: at the end, or where somebody has typed on behind it. */
export function withoutOwnMark({ isMarkLeft, attempt, draft }: Work, read: string): string {
  const known = ["", attempt.text, draft?.content.text ?? ""];
  if (!isMarkLeft || known.some((text) => sameText(text, read))) return read;
  if (isMarks(read)) return "";
  if (endsWithMark(read)) return withoutMark(read);
  return withoutMarkIn(plain(read), known.map(plain)) ?? read;
}

/** `known`: what stood there before the mark was typed, or was saved of it since. Null: nothing tells which one is the mark. */
function withoutMarkIn(all: string, known: readonly string[]): string | null {
  const whole = known.find((text) => isWithMark(all, text));
  if (whole !== undefined) return whole;
  const begins = known.filter((text) => all.startsWith(text));
  const begin = begins.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
  const rest = all.slice(begin.length);
  // Among a person's words: where there is one, it is ours, for it is on record.
  const isFound = rest.startsWith(MARK) || rest.split(MARK).length === 2;
  return isFound ? begin + rest.replace(MARK, "") : null;
}

/** True when `all` is the text with the mark somewhere in it. */
function isWithMark(all: string, text: string): boolean {
  const same = commonLength(all, text);
  return all.slice(same) === MARK + text.slice(same);
}

/** True when this is the mark alone. */
export function isMark(text: string): boolean {
  return text.trim() === MARK;
}

/** The mark, and behind it what a page that stood still pasted of its own answer with the mark. */
function isMarks(text: string): boolean {
  const written = text.replace(/\s/g, "");
  return written !== "" && written.length <= MOST_MARKS && written === MARK.repeat(written.length);
}

/** True when `read` is the text with the mark at its end. */
export function isOneLonger(read: string, text: string): boolean {
  return !sameText(read, text) && endsWithMark(read) && sameText(withoutMark(read), text);
}

function endsWithMark(read: string): boolean {
  return read.trimEnd().endsWith(MARK);
}

function withoutMark(read: string): string {
  const shown = read.trimEnd();
  return endsWithMark(shown) ? shown.slice(0, -MARK.length) : shown;
}
