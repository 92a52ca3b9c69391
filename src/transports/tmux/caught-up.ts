/**
 * An agent that stands still takes keys and pastes later, all in order: one character that is typed behind them, once it
 * shows, proves that they are done with.
 */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { MARKS } from "./beside-own.ts";
import { cleared, ERASE } from "./clear.ts";
import { holdsText } from "./holds-text.ts";
import { bare, showsAll, showsTail } from "./same-screen-text.ts";
import { asked, dialogInFront } from "./screen-trouble.ts";
import { deferred, isAlive, look, lookUntil, refused, type Seen, textOf, type Work } from "./work.ts";

const ANSWERING_MS = 10_000;

/**
 * The composer, once it has shown a character that was typed behind the text: what was pressed before is done with by
 * then, and the text is still there. Else clearing it could hide a late submit. Null: not seen.
 */
export async function answering(work: Work): Promise<Seen | null> {
  const before = await look(work);
  if (!before.ok || !holdsText(work, before) || !isAlive(work, before)) return null;
  const mark = MARKS[work.marksLeft];
  if (mark === undefined) return null;
  noteMark(work);
  const pressed = await work.pane.press([mark], before.screen);
  if (!pressed.ok) return null;
  const shown = bare(textOf(before) + mark);
  const tail = work.attempt.text + mark;
  const seen = await lookUntil(work, ANSWERING_MS, (now) => {
    const text = textOf(now);
    return bare(text) === shown || showsTail(text, tail) || now.reading.kind === "dialog";
  });
  if (seen.ok && seen.isIt) return seen.reading.kind === "dialog" ? null : seen;
  // The text went after all, and the character came to stand where it was.
  if (seen.ok && textOf(seen).trim() === mark && (await cleared(work, seen)) === null) noteErased(work);
  return null;
}

export type CaughtUp =
  | { readonly ok: true; readonly seen: Seen }
  | { readonly ok: false; readonly end: Outcome };

/**
 * The composer once all that was typed before is done with. Where a paste is still on its way the same text, pasted
 * again behind it, would be taken for proven by the first, and submitted twice. Characters that killed workers typed for
 * this may be on their way as well, and come to stand behind a text that looks whole: each is another one than those
 * before it, so that it can't be mistaken for one of them.
 */
export async function caughtUp(work: Work, before: Seen): Promise<CaughtUp> {
  if (!takesKeys(work, before)) return { ok: false, end: deferred(silent(work)) };
  const mark = MARKS[work.marksLeft];
  if (mark === undefined) return { ok: false, end: deferred(silent(work)) };
  noteMark(work);
  const pressed = await work.pane.press([mark], before.screen);
  if (!pressed.ok) return { ok: false, end: refused(pressed) };
  const seen = await lookUntil(
    work,
    ANSWERING_MS,
    (now) => isBehindAll(work, now, mark) || now.reading.kind === "dialog" || !isAlive(work, now),
  );
  if (!seen.ok) return { ok: false, end: refused(seen) };
  if (seen.reading.kind === "dialog") return { ok: false, end: dialogInFront(work, seen.reading.line) };
  if (!takesKeys(work, seen)) return { ok: false, end: deferred(silent(work)) };
  if (!seen.isIt) return { ok: false, end: await unseen(work, before, seen) };
  return withoutMarks(work, seen);
}

/** On record before it is typed: a worker that takes over after a kill must know what may be on its way. */
function noteMark(work: Work): void {
  work.attempt.record({ type: "mark_typed", at: work.clock.now() }, true);
  work.marksLeft += 1;
}

/** None of them stands there any more, or is on its way. */
export function noteErased(work: Work): void {
  work.attempt.record({ type: "mark_erased", at: work.clock.now() }, false);
  work.marksLeft = 0;
}

/** The mark is on its way, and this key goes behind it; behind a text it could take a character of that. */
async function unseen(work: Work, before: Seen, seen: Seen): Promise<Outcome> {
  if (textOf(before) !== "") return deferred(silent(work));
  const erased = await work.pane.press([ERASE], seen.screen);
  return erased.ok ? deferred(silent(work)) : refused(erased);
}

/** Erases the mark, and those of killed workers before it, one by one: nothing else is on its way by now. */
async function withoutMarks(work: Work, marked: Seen): Promise<CaughtUp> {
  let now: Seen = marked;
  for (let left = work.marksLeft; left > 0; left--) {
    if (now !== marked && !isMarked(work, now, left)) break;
    const text = textOf(now);
    const erased = await work.pane.press([ERASE], now.screen);
    if (!erased.ok) return { ok: false, end: await unerased(work) };
    const next = await lookUntil(work, ANSWERING_MS, (later) => textOf(later) !== text);
    if (!next.ok) return { ok: false, end: refused(next) };
    if (!next.isIt || !takesKeys(work, next)) return { ok: false, end: await unerased(work) };
    now = next;
  }
  noteErased(work);
  work.isCaughtUp = true;
  return { ok: true, seen: now };
}

/** A dialog may have taken the key: the mark is erased when it is answered, also where this was the last attempt. */
async function unerased(work: Work): Promise<Outcome> {
  return (await asked(work)) ?? deferred(silent(work));
}

/** One of the first `left` marks still stands at the end, and the end is not that of a text. */
function isMarked(work: Work, now: Seen, left: number): boolean {
  return MARKS.slice(0, left).some((mark) => isBehindAll(work, now, mark));
}

function takesKeys(work: Work, seen: Seen): boolean {
  return seen.reading.kind === "composer" && isAlive(work, seen);
}

/** The character shows at the end, and is not that of a text that was typed before, or of what is left of one. */
function isBehindAll(work: Work, now: Seen, mark: string): boolean {
  const text = textOf(now);
  const isDraft = work.draft !== null && showsAll(text, work.draft.text);
  if (text.trim() === mark) return true;
  const texts = [work.attempt.text, ...work.attempt.recentTexts];
  const isOurs = texts.some((own) => bare(own).startsWith(bare(text))) || holdsText(work, now);
  return text.endsWith(mark) && !isDraft && !isOurs;
}

function silent({ agent, pane }: Work): DeliveryError {
  return {
    code: "composer_not_found",
    message: `${agent.name} (pane ${pane.where}) showed for ${ANSWERING_MS / 1_000} s nothing of a character that was typed into its composer`,
    hint: "nothing was submitted; it may stand still: look at the pane; the message is tried again by itself",
  };
}
