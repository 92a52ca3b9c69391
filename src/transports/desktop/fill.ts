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
  firstLook,
  isPage,
  keepRest,
  noComposer,
  PAGE,
  patientMs,
  RESERVE_MS,
  wrongPlace,
} from "./first-look.ts";
import { hearOthers, isStrayCopy, missedInstead, pastedInstead } from "./foreign.ts";
import { isOwnText, isTooLarge, keepDraft, keepOnDisk, ownTextIn, settleDraft } from "./keep-draft.ts";
import { halfOf, isBlank, isOfDraft, isWidened, sameText, without } from "./same-text.ts";
import { settledReading } from "./settled.ts";
import { undoPaste } from "./undo.ts";
import { deferred, leftMs, pasteAndLook, refused, silenceMs, type Work } from "./work.ts";

const REPLACE_TRIES = 3;

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
  const pastedAt = work.clock.monotonic();
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
  if (isDraftGone) settleDraft(work, false);
  return filled(work, pastedAt, pasted.look.ms);
}

/** `pastedAt`: before the paste that was read. */
function filled(work: Work, pastedAt: number, answerMs: number): null {
  work.isTextSeen = true;
  work.knownAt = pastedAt;
  noteMark(work, false);
  work.timing.record(work.agent.name, "desktop", "answer", answerMs);
  work.answerMs = answerMs;
  return null;
}

/** Pastes, with all the time that the attempt has: giving up leaves keys in a slow page's queue. */
async function paste(work: Work, content: Content, before: string): Promise<Guarded<PasteLook>> {
  const { profile, isTextLeft } = work;
  work.isTextLeft = true;
  const keys = {
    before,
    paste: profile.paste,
    selectAll: profile.selectAll,
    copy: profile.copy,
    after: endKeys(work, content.text),
    isNew: !work.isTextSeen,
  };
  work.isEndSelected = true;
  const pasted = await pasteAndLook(work, content, keys, patientMs(work));
  if (!pasted.ok && !pasted.mayBePressed) work.isTextLeft = isTextLeft;
  return pasted;
}

/**
 * The field answered the look only when the paste was on its way, which then pasted what it had copied itself: over or
 * behind what stood there. An editor is left as it was found.
 */
async function answeredLate(work: Work, { overtaken, look: last }: PasteLook): Promise<Outcome | Unseen> {
  const now = last.kind === "text" ? last.content : null;
  const held = withoutMark(work, overtaken?.held ?? now ?? { text: "", flavors: {} });
  const half = overtaken?.held ? null : halfOf(held.text);
  // Both are on disk where it is not known which of them the person wrote; the half is put back.
  if (half !== null && !isTooLarge(half) && !work.draft && !isOwnText(work, half))
    keepOnDisk(work, held.text);
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
    const isTheDraft = work.draft !== null && sameText(read, work.draft.content.text);
    const page = isTheDraft ? await isPage(work, read) : null;
    if (page && !page.ok) return refused(page);
    // Else it would be put into a field that has the focus by then.
    if (page?.isIt) settleDraft(work, false);
    return deferred(noComposer(work, "shows other text than what was pasted"));
  }
  const rest = withoutOwnMark(work, beside);
  const isDraft = work.draft !== null && isOfDraft(rest, work.draft.content.text);
  const isKnown = isDraft || isBlank(rest) || isStrayCopy(work, rest);
  // The page around a field that has lost the focus shows our text too, among other words than a person's.
  const page = isKnown ? null : await isPage(work, read);
  if (page && !page.ok) return refused(page);
  if (page?.isIt) return deferred(noComposer(work, PAGE));
  const ours = ownTextIn(work, rest);
  const end = ours ? keepRest(work, ours) : isKnown ? null : keepDraft(work, { text: rest, flavors: {} });
  return end ?? replaceAll(work);
}

/** More than once where an editor's own selection had not followed the key that selects all: see `caret.ts`. */
async function replaceAll(work: Work): Promise<Outcome | null> {
  const { attempt, profile } = work;
  for (let tries = 0; tries < REPLACE_TRIES; tries++) {
    const pastedAt = work.clock.monotonic();
    const replaced = await paste(work, { text: attempt.text, flavors: {} }, profile.selectAll);
    if (!replaced.ok) return refused(replaced as Refusal);
    if (replaced.look.kind === "silence") break;
    const read = await settledReading(work, replaced.look, (text) => sameText(text, attempt.text));
    if (!read.ok) return refused(read);
    work.isWidening ||= isWidened(read.text, attempt.text);
    if (sameText(read.text, attempt.text)) return filled(work, pastedAt, replaced.look.ms);
  }
  return deferred(mismatch(work));
}

function unseen(error: DeliveryError): Unseen {
  return { kind: "unseen", error };
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
