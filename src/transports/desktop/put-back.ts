/** Leaves the composer as it was found: our text out of it, the person's draft in it again. */
import { hasOneCharacter } from "../../domain/last-character.ts";
import type { Guarded, Refusal } from "../../ports/desktop.ts";
import { leaveCaretBehind } from "./caret.ts";
import { holdsNow, isLateMark, noteMark, withoutOwnMark } from "./control.ts";
import { isPage } from "./first-look.ts";
import { dropStrayCopy, hearOthers, isMissedCopy, notePastedInstead } from "./foreign.ts";
import { isOwnText, keepDraft, settleDraft } from "./keep-draft.ts";
import { PATIENCE_MS, pasteDraft, textOf } from "./paste-draft.ts";
import { besides, isBlank, isCut, isFarWider, isOfDraft, isWidened, sameText } from "./same-text.ts";
import { settledReading } from "./settled.ts";
import { undoPaste } from "./undo.ts";
import { look, lookKeys, press, silenceMs, takeAim, type Work } from "./work.ts";

const TRIES = 3;
/** A page that answered only when the paste was on its way is given so long to answer the next look, in milliseconds. */
const LATE_LOOK_MS = 500;
const LATE_TRIES = 8;

/** True when nothing of ours is left in the composer and the draft, if there was one, is back. */
export async function putBack(work: Work): Promise<boolean> {
  if (!work.draft && !work.isTextLeft && !work.isMarkLeft) return true;
  let usualMs = silenceMs(work);
  let lookMs = usualMs;
  let late = 0;
  for (let tries = 0; tries < TRIES && late < LATE_TRIES; ) {
    const done = await putBackOnce(work, tries, lookMs);
    if (done === true) return true;
    if (done === "late") {
      late += 1;
      usualMs = LATE_LOOK_MS;
    } else {
      if (done === "silent" || (typeof done === "object" && done.isHandsOff)) return false;
      tries += 1;
    }
    lookMs = done === "full" ? PATIENCE_MS : usualMs;
  }
  return false;
}

/**
 * "late": nothing was pasted, for the page still had an earlier copy to answer. "full": something of ours stands there, and
 * the look was not answered in time. "silent": it may be closed, and for long.
 */
async function putBackOnce(
  work: Work,
  tries: number,
  lookMs: number,
): Promise<boolean | "late" | "full" | "silent" | Refusal> {
  const { profile, attempt } = work;
  if (tries > 0) {
    const aimed = await takeAim({
      ...work,
      attempt: { ...attempt, deadline: work.clock.monotonic() + PATIENCE_MS },
    });
    if (!aimed.ok) return aimed;
  }
  const wanted = work.draft?.content ?? { text: "", flavors: {} };
  const read = await readNow(work, wanted.text, lookMs);
  if (!read.ok) return read;
  // The draft, or our text, must stand there: a page that stands still is not taken for empty, and pasted to once more.
  const isFull = work.draft !== null && !work.isDraftBack && (tries > 0 || !work.mayBeEntered);
  if (isFull && isBlank(read.text)) {
    const control = await holdsNow(work, PATIENCE_MS);
    if (!control.ok) return control;
    if (control.holds === "no_answer") return "silent";
    if (control.holds !== "nothing") return "late";
  }
  const now = withoutOwnMark(work, read.text);
  const isMarked = now !== read.text;
  const isAround = !isMarked && isAroundField(work, now);
  const rest = isAround ? null : await unsavedRest(work, now);
  if (rest !== null) {
    // The page around a field that has lost the focus shows the messages from before, and other words than a person's.
    const page = await isPage(work, now);
    if (!page.ok) return page;
    if (page.isIt) return false;
    if (keepDraft(work, { text: rest, flavors: {} })) return undone(work, rest);
  }
  if (!isMarked && (isBlank(now) || isAround) && isBlank(wanted.text)) return provenEmpty(work);
  if (!isMarked && isBlank(now) && work.isDraftBack) return draftIsGone(work);
  if (!isMarked && sameText(now, wanted.text) && !isWidened(now, wanted.text)) return draftIsBack(work, now);
  const isOurs =
    isBlank(now) ||
    isLateMark(work, now) ||
    isOfDraft(now, wanted.text) ||
    isOwnText(work, now) ||
    isCut(now, attempt.text) ||
    besides(now, attempt.text) !== null;
  if (!isOurs && !(await isPastedByOthers(work, now)))
    return isMarked ? keepBehindMark(work, now) : besideOthers(work, now);
  if (isBlank(wanted.text)) {
    const erased = await press(work, [profile.selectAll, profile.erase]);
    if (!erased.ok) return erased;
    work.isTextSeen = false;
    noteMark(work, false);
    return false;
  }
  const pasted = await pasteDraft(work, wanted);
  if (!pasted.ok) return pasted;
  // A page that stood still has pasted its own copy. What is as wide each time can't be had otherwise.
  const isWide = isFarWider(textOf(pasted), wanted.text) && tries < TRIES - 1;
  if (sameText(textOf(pasted), wanted.text) && !isWide) return draftIsBack(work, textOf(pasted));
  await notePastedInstead(work, wanted.text, pasted);
  return pasted.overtaken ? "late" : false;
}

/**
 * The message was seen to be gone after Enter, or a control was typed behind that, and what is read shows the message: the
 * page around a field that is closed or has not the focus. What stands beside the message there is nobody's draft.
 */
function isAroundField({ isTextLeft, isMarkLeft, mayBeEntered, attempt }: Work, now: string): boolean {
  return !isTextLeft && (isMarkLeft || mayBeEntered) && besides(now, attempt.text) !== null;
}

/** A person has typed on: that is put back with the draft, next time. */
function keepBehindMark(work: Work, now: string): boolean {
  const end = keepDraft(work, { text: now, flavors: {} });
  return end !== null && !work.isTextLeft;
}

/** Something that is neither ours nor the draft was put there meanwhile: it stays, and the draft is put before it. */
async function besideOthers(work: Work, now: string): Promise<boolean | Refusal> {
  if (!work.draft) return !work.isTextLeft;
  const control = await holdsNow(work, PATIENCE_MS);
  if (!control.ok) return control;
  // Only a composer takes the control's character: what a page around it holds is nobody's draft.
  const isBehind = control.holds === "other";
  // An editor that held its one character to be selected had it replaced: see `caret.ts`.
  const isReplaced = control.holds === "nothing" && hasOneCharacter(now.trim());
  if (!isBehind && !isReplaced) return !work.isTextLeft;
  keepDraft(work, { text: now, flavors: {} });
  if (isReplaced) work.isDraftBack = false;
  return false;
}

/** A part of the draft may be what an editor had selected when it was asked for all: see `caret.ts`. */
async function readNow(
  work: Work,
  draft: string,
  lookMs: number,
): Promise<Guarded<{ readonly text: string }>> {
  const looked = await look(work, lookKeys(work), lookMs);
  if (!looked.ok || looked.look.kind === "silence") return looked.ok ? { ok: true, text: "" } : looked;
  return settledReading(
    work,
    looked.look,
    (text) => sameText(text, draft) || isBlank(text) || !isOfDraft(text, draft),
  );
}

/** What stands beside our text and no look had seen: of a page that answered late, or of a person who typed on. */
async function unsavedRest(work: Work, now: string): Promise<string | null> {
  const { attempt, draft } = work;
  const rest = besides(now, attempt.text);
  const isOurs = rest === null || isBlank(rest) || isLateMark(work, rest) || isOwnText(work, rest);
  if (isOurs || (draft && isOfDraft(rest, draft.content.text))) return null;
  return (await isPastedByOthers(work, rest)) ? null : rest;
}

async function isPastedByOthers(work: Work, text: string): Promise<boolean> {
  await hearOthers(work);
  if (dropStrayCopy(work, text)) return true;
  if (!(await isMissedCopy(work))) return false;
  work.foreign = [...work.foreign, text];
  return true;
}

async function undone(work: Work, rest: string): Promise<boolean | Refusal> {
  const undo = await undoPaste(work, rest);
  return undo.ok ? undo.isUndone && finished(work) : undo;
}

/** Silence alone is no proof: the composer is empty when it answers a control with nothing else. */
async function provenEmpty(work: Work): Promise<boolean | "full" | "silent" | Refusal> {
  const control = await holdsNow(work, PATIENCE_MS);
  if (!control.ok) return control;
  switch (control.holds) {
    case "text":
    case "cut":
    case "mixed":
      return "full";
    case "no_answer":
      return work.isMarkLeft ? "silent" : finished(work);
    case "nothing":
    case "other":
    case "no_mark":
      // Where nothing can be put in, nothing of ours can be either; but for a mark that stands there.
      return !work.isMarkLeft && finished(work);
    default:
      return control.holds satisfies never;
  }
}

/** A draft that was back, and is silent now: the page stands still, or a person has submitted or removed it. */
async function draftIsGone(work: Work): Promise<boolean | Refusal> {
  const looked = await look(work, lookKeys(work), PATIENCE_MS);
  if (!looked.ok) return looked;
  return (looked.look.kind === "silence" || isBlank(looked.look.content.text)) && finished(work, false);
}

async function draftIsBack(work: Work, text: string): Promise<true | Refusal> {
  work.isDraftBack = true;
  const left = await leaveCaretBehind(work, text);
  return left.ok ? finished(work) : left;
}

function finished(work: Work, isBack = true): true {
  work.isTextLeft = false;
  noteMark(work, false);
  settleDraft(work, isBack);
  return true;
}
