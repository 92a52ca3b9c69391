/** What stands in the composer before anything is put there: nothing, a draft, something of our own, or the wrong field. */
import type { Outcome } from "../../domain/outcome.ts";
import type { Content, Guarded, Look } from "../../ports/desktop.ts";
import { holdsNow, withoutOwnMark } from "./control.ts";
import { dropStrayCopy } from "./foreign.ts";
import {
  editorThere,
  isOwnText,
  isTooLarge,
  keepDraft,
  keepOnce,
  keepQuoted,
  type OursIn,
  ownTextIn,
  settleDraft,
} from "./keep-draft.ts";
import { isBlank, isDoubled, isOfDraft, sameText } from "./same-text.ts";
import { lateMs } from "./settled.ts";
import { deferred, leftMs, look, lookKeys, refused, type Work } from "./work.ts";

const CARET_TRIES = 4;
const LONG_ANSWERS = 2;
export const PAGE = "shows the text of a page";
/** Kept of the attempt's time for putting things back. */
export const RESERVE_MS = 1_500;

/** Between two looks at what may be another page's answer, in milliseconds. */
const OTHERS_PAUSE_MS = 50;

/** `isStray`: all that stands there may be replaced at once. `end`: the attempt is over. */
export async function firstLook(
  work: Work,
  patienceMs: number,
): Promise<{ readonly isStray: boolean; readonly end: Outcome | null }> {
  const { draft } = work;
  const waitMs = work.expectedDraft !== null ? patientMs(work) / 2 : patienceMs;
  const askedAt = work.clock.monotonic();
  const looked = await look(work, lookKeys(work), waitMs);
  if (!looked.ok) {
    if (looked.mayBePressed) keepExpected(work);
    return { isStray: false, end: refused(looked) };
  }
  const read = await unlessOthers(work, looked.look);
  if (!read.ok) return { isStray: false, end: refused(read) };
  const { content } = read;
  if (isBlank(content.text))
    return { isStray: false, end: work.isDraftBack || work.isFullLikely ? await orGone(work) : null };
  const text = withoutOwnMark(work, content.text);
  // Replaced with the mark in it.
  const isStruck = text !== content.text;
  if (isStruck && isBlank(text)) return { isStray: true, end: null };
  const isKept = draft !== null && isOfDraft(text, draft.content.text);
  if (isKept || dropStrayCopy(work, text)) {
    if (isKept && isRicher(content, draft.content)) keepDraft(work, content);
    return { isStray: true, end: null };
  }
  const ours = ownTextIn(work, text);
  // A page shows what was submitted before.
  const page = ours && !isBlank(ours.rest) ? await isPage(work, text) : null;
  if (page && !page.ok) return { isStray: false, end: refused(page) };
  if (page?.isIt) return { isStray: false, end: deferred(noComposer(work, PAGE)) };
  if (ours) {
    keepQuoted(work, ours, text);
    return { isStray: true, end: keepRest(work, ours) };
  }
  if (isTooLarge(text)) return { isStray: false, end: await wrongPlace(work, text) };
  work.knownAt = askedAt;
  const { expectedDraft } = work;
  const isTwice = expectedDraft !== null && isDoubled(text, expectedDraft);
  if (isTwice && keepOnce(work, text, expectedDraft)) return { isStray: true, end: null };
  if (work.isDoubleLikely && keepOnce(work, text)) return { isStray: true, end: null };
  return { isStray: isStruck, end: keepDraft(work, isStruck ? { text, flavors: {} } : content) };
}

/**
 * A message to another agent is what another page of the same browser still had to answer, unless it is read once more. An
 * empty text where nothing was answered.
 */
async function unlessOthers(work: Work, first: Look): Promise<Guarded<{ readonly content: Content }>> {
  const until = work.clock.monotonic() + lateMs(first.ms);
  let content = contentOf(first);
  while (isOfOthers(work, content.text) && work.clock.monotonic() < until) {
    await new Promise<void>((resolve) => work.clock.after(OTHERS_PAUSE_MS, resolve));
    const looked = await look(work, lookKeys(work), lateMs(first.ms));
    if (!looked.ok) return looked;
    if (looked.look.kind === "text") content = looked.look.content;
  }
  return { ok: true, content };
}

function contentOf(seen: Look): Content {
  return seen.kind === "text" ? seen.content : { text: "", flavors: {} };
}

function isOfOthers(work: Work, text: string): boolean {
  const { attempt } = work;
  return !isBlank(text) && (ownTextIn(work, text)?.own ?? attempt.text) !== attempt.text;
}

/** The same text, with the formatting that was not known of it. */
function isRicher(found: Content, known: Content): boolean {
  const isPlain = Object.keys(known.flavors).length === 0;
  return isPlain && Object.keys(found.flavors).length > 0 && sameText(found.text, known.text);
}

/** It stood there when the attempt began, and may have been selected when the attempt ended: a person's key replaces it. */
function keepExpected(work: Work): void {
  const { expectedDraft, draft } = work;
  if (expectedDraft === null || draft !== null) return;
  keepDraft(work, { text: expectedDraft, flavors: {} });
  work.isDraftBack = true;
}

/**
 * The draft was back, or a text was left there, and the composer is silent. That is proven before a paste may replace what
 * is there: afterwards nobody could tell whether it was there, and it would be put back into a composer that a person, or
 * the page itself, has emptied. A page that stands still pastes what it copied itself, and would do so at each attempt.
 */
async function orGone(work: Work): Promise<Outcome | null> {
  const control = await holdsNow(work, patientMs(work) / 2);
  if (!control.ok) return refused(control);
  if (control.holds === "no_answer" && work.isFullLikely)
    return deferred(noComposer(work, "answers nothing"));
  if (control.holds === "nothing" && work.isDraftBack) settleDraft(work, false);
  return null;
}

/** A text of ours that had to be left is replaced; what a person has typed into it meanwhile is a draft. */
export function keepRest(work: Work, { own, rest }: OursIn): Outcome | null {
  work.strays.push(own);
  const isKnown = isBlank(rest) || (work.draft !== null && isOfDraft(rest, work.draft.content.text));
  return isKnown || isOwnText(work, rest) ? null : keepDraft(work, { text: rest, flavors: {} });
}

/** Too much text for a draft: an editor, or the text of a page without any field. */
export async function wrongPlace(work: Work, text: string): Promise<Outcome> {
  const page = await isPage(work, text);
  if (!page.ok) return refused(page);
  return deferred(page.isIt ? noComposer(work, PAGE) : editorThere(work, text));
}

/**
 * True where `text` was read from a page around the field. Where a caret stands, one step back from the end selects one
 * character; in a page it only shortens the selection. One long answer may be that to a copy from before.
 */
export async function isPage(work: Work, text: string): Promise<Guarded<{ readonly isIt: boolean }>> {
  const { caretEnd, copy } = work.profile;
  const select = [caretEnd, "Shift+Left"];
  const keys = { select, copy, collapse: { by: caretEnd, again: select } };
  let long = 0;
  for (let tries = 0; tries < CARET_TRIES && long < LONG_ANSWERS; tries++) {
    const looked = await look(work, keys, lateMs(work.answerMs));
    if (!looked.ok) return looked;
    if (looked.look.kind === "silence") continue;
    if (looked.look.content.text.length <= text.length / 2) return { ok: true, isIt: false };
    long += 1;
  }
  return { ok: true, isIt: long === LONG_ANSWERS };
}

/** All the time that the attempt has, but for putting things back. In milliseconds. */
export function patientMs(work: Work): number {
  return Math.max(500, leftMs(work) - RESERVE_MS);
}

export function noComposer(work: Work, what: string) {
  const { agent } = work;
  return {
    code: "composer_not_found" as const,
    message: `the place at ${agent.input.x}, ${agent.input.y} from ${agent.input.from} in the window of ${agent.name} ${what}: no input field has the focus there (or a dialog of the page is in front)`,
    hint: `nothing was submitted; close the dialog, or show swarm the field again: swarm calibrate ${agent.name}`,
  };
}
