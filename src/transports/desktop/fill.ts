/**
 * Fills the composer with exactly the text, and proves it by reading it back.
 *
 *   look:  text → a draft (saved before anything replaces it), or a stray of our own, or the wrong field
 *          silence → empty, or a slow page: the next step tells
 *   paste: exactly the text → done.   draft and text → the draft is proven: replace all, read again.   else → refused
 */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Content, Guarded, PasteLook, Refusal } from "../../ports/desktop.ts";
import { endKeys } from "./caret.ts";
import { isLateMark, noteMark, withoutOwnMark } from "./control.ts";
import {
  editorThere,
  isKnownAltered,
  isOwnText,
  isStrayCopy,
  isTooLarge,
  keepDraft,
  keepOnce,
  ownTextIn,
} from "./keep-draft.ts";
import { hearOthers, isMissedCopy } from "./remains.ts";
import { edited, halfOf, isBlank, isDoubled, isOfDraft, isWidened, sameText, without } from "./same-text.ts";
import { lateMs, settledReading } from "./settled.ts";
import { undoPaste } from "./undo.ts";
import { deferred, leftMs, look, lookKeys, refused, silenceMs, type Work } from "./work.ts";

const REPLACE_TRIES = 3;
const CARET_TRIES = 4;
/** Kept of the attempt's time for putting things back. */
const RESERVE_MS = 1_500;

/** Of the time in which the composer usually answers a paste and a copy: a copy of a draft takes less. */
const FIRST_LOOK_FACTOR = 0.7;
/** After a miss the first look waits for so long: in milliseconds, and times the composer's usual answer. */
const PATIENT_MS = 500;
const PATIENT_FACTOR = 10;

/** The paste was of something else, and is done: the text may be pasted again. */
interface Unseen {
  readonly kind: "unseen";
  readonly error: DeliveryError;
}

/** Null: the composer holds exactly the text, proven. */
export async function fill(work: Work): Promise<Outcome | null> {
  const end = await fillOnce(work, Math.max(silenceMs(work), work.answerMs * FIRST_LOOK_FACTOR));
  if (end?.kind !== "unseen") return end;
  const patienceMs = Math.max(PATIENT_MS, work.lookMs * PATIENT_FACTOR);
  const again = leftMs(work) > patienceMs * 2 + RESERVE_MS ? await fillOnce(work, patienceMs) : end;
  return again?.kind === "unseen" ? deferred(again.error) : again;
}

async function fillOnce(work: Work, patienceMs: number): Promise<Outcome | Unseen | null> {
  const found = await firstLook(work, patienceMs);
  if (found.end) return found.end;
  const { attempt, profile } = work;
  const before = found.isStray ? profile.selectAll : profile.caretEnd;
  const isDraftGone = work.isDraftBack && !found.isStray;
  const pasted = await paste(work, { text: attempt.text, flavors: {} }, before);
  if (!pasted.ok) return refused(pasted);
  const isShown = (text: string) => without(text, attempt.text) !== null;
  const isPasted = pasted.look.kind === "text" && isShown(pasted.look.content.text);
  work.isTextSeen ||= isPasted;
  if (pasted.overtaken && !isPasted) return answeredLate(work, pasted);
  if (pasted.look.kind === "silence") return nothingThere(work, pasted);
  const end = pasted.overtaken ? await keepHeld(work, pasted.overtaken.held) : null;
  if (end) return end;
  work.answerMs = Math.max(work.answerMs, pasted.look.ms);
  const read = await settledReading(work, pasted.look, isShown);
  if (!read.ok) return refused(read);
  work.isWidening ||= isWidened(read.text, attempt.text);
  if (!sameText(read.text, attempt.text)) return withDraft(work, read.text);
  // It was back, and the composer was empty now: a person has submitted or removed it.
  if (isDraftGone) work.draft = null;
  return filled(work, pasted.look.ms);
}

function filled(work: Work, answerMs: number): null {
  work.isTextSeen = true;
  work.knownAt = work.clock.monotonic();
  noteMark(work, false);
  work.timing.record(work.agent.name, "desktop", "answer", answerMs);
  work.answerMs = answerMs;
  return null;
}

async function firstLook(
  work: Work,
  patienceMs: number,
): Promise<{ readonly isStray: boolean; readonly end: Outcome | null }> {
  const { draft } = work;
  const waitMs = work.expectedDraft !== null ? patientMs(work) / 2 : patienceMs;
  const looked = await look(work, lookKeys(work), waitMs);
  if (!looked.ok) return { isStray: false, end: refused(looked) };
  if (looked.look.kind === "silence" || isBlank(looked.look.content.text))
    return { isStray: false, end: null };
  const text = withoutOwnMark(work, looked.look.content.text);
  // Replaced with the mark in it.
  const isStruck = text !== looked.look.content.text;
  if (isStruck && isBlank(text)) return { isStray: true, end: null };
  const isKept = draft !== null && isOfDraft(text, draft.content.text);
  if (isKept || isStrayCopy(work, text)) return { isStray: true, end: null };
  const ours = ownTextIn(work, text);
  if (ours) return { isStray: true, end: keepRest(work, ours) };
  if (isTooLarge(text)) return { isStray: false, end: await wrongPlace(work, text) };
  work.knownAt = work.clock.monotonic();
  const { expectedDraft } = work;
  const isTwice = expectedDraft !== null && isDoubled(text, expectedDraft);
  if (isTwice && keepOnce(work, text, expectedDraft)) return { isStray: true, end: null };
  if (work.isDoubleLikely && keepOnce(work, text)) return { isStray: true, end: null };
  const isTaken = isStruck || isKnownAltered(work, text);
  return { isStray: isTaken, end: keepDraft(work, isStruck ? { text, flavors: {} } : looked.look.content) };
}

/** A text of ours that had to be left is replaced; what a person has typed into it meanwhile is a draft. */
function keepRest(
  work: Work,
  { own, rest }: { readonly own: string; readonly rest: string },
): Outcome | null {
  work.strays.push(own);
  const isKnown = isBlank(rest) || (work.draft !== null && isOfDraft(rest, work.draft.content.text));
  return isKnown || isOwnText(work, rest) ? null : keepDraft(work, { text: rest, flavors: {} });
}

/**
 * Too much text for a draft: an editor, or the text of a page without any field. Where a caret stands, one step back
 * from the end selects one character; in a page it only shortens the selection.
 */
async function wrongPlace(work: Work, text: string): Promise<Outcome> {
  const { caretEnd, copy } = work.profile;
  const select = [caretEnd, "Shift+Left"];
  const keys = { select, copy, collapse: { by: caretEnd, again: select } };
  for (let tries = 0; tries < CARET_TRIES; tries++) {
    const looked = await look(work, keys, lateMs(work.answerMs));
    if (!looked.ok) return refused(looked);
    if (looked.look.kind === "silence") continue;
    const hasCaret = looked.look.content.text.length <= text.length / 2;
    return deferred(hasCaret ? editorThere(work, text) : noComposer(work, "shows the text of a page"));
  }
  return deferred(editorThere(work, text));
}

/** Pastes, with all the time that the attempt has: giving up leaves keys in a slow page's queue. */
async function paste(work: Work, content: Content, before: string): Promise<Guarded<PasteLook>> {
  const { profile, hands, isTextLeft } = work;
  work.isTextLeft = true;
  const keys = {
    before,
    paste: profile.paste,
    selectAll: profile.selectAll,
    copy: profile.copy,
    after: endKeys(work, content.text),
  };
  work.isEndSelected = true;
  work.isAllHeld = true;
  work.isDraftBack = false;
  const pasted = await hands.pasteAndLook(content, keys, patientMs(work));
  if (!pasted.ok && !pasted.mayBePressed) work.isTextLeft = isTextLeft;
  return pasted;
}

/** All the time that the attempt has, but for putting things back. In milliseconds. */
function patientMs(work: Work): number {
  return Math.max(500, leftMs(work) - RESERVE_MS);
}

/**
 * The field answered the look only when the paste was on its way, which then pasted what it had copied itself: over or
 * behind what stood there. An editor is left as it was found.
 */
async function answeredLate(work: Work, { overtaken, look: last }: PasteLook): Promise<Outcome | Unseen> {
  const now = last.kind === "text" ? last.content : null;
  const held = overtaken?.held ?? now ?? { text: "", flavors: {} };
  const half = overtaken?.held ? null : halfOf(held.text);
  // Both are on disk where it is not known which of them the person wrote; the half is put back.
  if (half !== null && !isTooLarge(half) && !work.draft && !isOwnText(work, half)) {
    keepDraft(work, held);
    work.draft = null;
  }
  const end = await keepHeld(work, half === null ? held : { text: half, flavors: {} });
  return end ?? unseen(noComposer(work, "answered only when the text was on its way"));
}

/** Keeps what the field held before the paste; where that is too large for a draft, the paste is undone. */
async function keepHeld(work: Work, before: Content | null): Promise<Outcome | null> {
  const held = before === null ? null : withoutMark(work, before);
  if (held === null || isBlank(held.text) || isOwnText(work, held.text)) return null;
  if (!isTooLarge(held.text)) return work.draft ? null : keepDraft(work, held);
  const undone = await undoPaste(work, held.text);
  if (!undone.ok) return refused(undone);
  work.isTextLeft = !undone.isUndone;
  return wrongPlace(work, held.text);
}

/** Not pasted again: the keys may still lie in the queue of a page that stands still. */
function nothingThere(work: Work, pasted: PasteLook): Outcome {
  const { agent, timing } = work;
  timing.miss(agent.name, "desktop", "answer");
  // A composer that took the text and shows nothing: a dialog or no field at all swallowed it.
  return deferred(
    noComposer(work, pasted.isTaken ? "took the text and shows nothing of it" : "did not take the text"),
  );
}

function withoutMark(work: Work, content: Content): Content {
  const text = isLateMark(work, content.text) ? "" : withoutOwnMark(work, content.text);
  return text === content.text ? content : { text, flavors: {} };
}

/** The reading holds more than the text: believed to be a draft only because our text was found beside it. */
async function withDraft(work: Work, read: string): Promise<Outcome | null> {
  const beside = without(read, work.attempt.text);
  await hearOthers(work);
  if (beside === null && (pastedInstead(work, read) || (await missedInstead(work, read))))
    return deferred(othersCopy(work));
  if (beside === null) {
    // Nothing of ours is in what was read: it is not the composer's, and nothing of it was a draft.
    work.isTextLeft = false;
    return deferred(noComposer(work, "shows other text than what was pasted"));
  }
  const rest = withoutOwnMark(work, beside);
  const isDraft = work.draft !== null && isOfDraft(rest, work.draft.content.text);
  const isKnown = isDraft || isBlank(rest) || isStrayCopy(work, rest);
  const ours = ownTextIn(work, rest);
  const end = ours ? keepRest(work, ours) : isKnown ? null : keepDraft(work, { text: rest, flavors: {} });
  return end ?? replaceAll(work);
}

/** True when another program's text was pasted. A draft beside it that no look had seen is saved. */
function pastedInstead(work: Work, read: string): boolean {
  if (isStrayCopy(work, read)) return true;
  const rest = work.foreign.map((copied) => without(read, copied)).find((found) => found !== null) ?? null;
  return rest !== null && keepDraft(work, { text: rest, flavors: {} }) === null;
}

/** The same of a text that could not be read: it stands behind the draft, or in its place, and nobody typed it. */
async function missedInstead(work: Work, read: string): Promise<boolean> {
  const { draft } = work;
  const rest =
    draft === null
      ? null
      : edited(read, draft.content.text) === null
        ? read
        : without(read, draft.content.text);
  if (rest === null || isBlank(rest) || !(await isMissedCopy(work))) return false;
  work.foreign = [...work.foreign, rest];
  return true;
}

/** More than once where an editor's own selection had not followed the key that selects all: see `caret.ts`. */
async function replaceAll(work: Work): Promise<Outcome | null> {
  const { attempt, profile } = work;
  for (let tries = 0; tries < REPLACE_TRIES; tries++) {
    const replaced = await paste(work, { text: attempt.text, flavors: {} }, profile.selectAll);
    if (!replaced.ok) return refused(replaced as Refusal);
    if (replaced.look.kind === "silence") break;
    const read = await settledReading(work, replaced.look, (text) => sameText(text, attempt.text));
    if (!read.ok) return refused(read);
    work.isWidening ||= isWidened(read.text, attempt.text);
    if (sameText(read.text, attempt.text)) return filled(work, replaced.look.ms);
  }
  return deferred(mismatch(work));
}

function unseen(error: DeliveryError): Unseen {
  return { kind: "unseen", error };
}

function noComposer(work: Work, what: string) {
  const { agent } = work;
  return {
    code: "composer_not_found" as const,
    message: `the place at ${agent.input.x}, ${agent.input.y} from ${agent.input.from} in the window of ${agent.name} ${what}: no input field has the focus there (or a dialog of the page is in front)`,
    hint: `nothing was submitted; close the dialog, or show swarm the field again: swarm calibrate ${agent.name}`,
  };
}

function othersCopy(work: Work) {
  return {
    code: "clipboard_busy" as const,
    message: `another program copied something in the moment of the paste to ${work.agent.name}, and that was pasted instead of the message`,
    hint: "nothing was submitted; the message is tried again by itself",
  };
}

function mismatch(work: Work) {
  return {
    code: "readback_mismatch" as const,
    message: `the input field of ${work.agent.name} held other text than what was put there`,
    hint: "nothing was submitted; somebody else may be writing there; the message is tried again by itself",
  };
}
