/** A person's half-typed prompt: waited for, then saved, taken out, and typed back after the message. */
import type { Outcome } from "../../domain/outcome.ts";
import type { OnPane } from "../../ports/terminals.ts";
import { besideEarlier, isBeforeMarks, isMarks, isOwn, isStuck } from "./beside-own.ts";
import { caughtUp } from "./caught-up.ts";
import { ANSWER_MS, cleared, keep, present } from "./clear.ts";
import { isCutFrom } from "./draft-text.ts";
import { bare, hasRows, isBlank, showsAll } from "./same-screen-text.ts";
import { typing } from "./screen-trouble.ts";
import { leftBeside } from "./take-out.ts";
import { deferred, look, lookUntil, refused, type Seen, textOf, type Work } from "./work.ts";

/** A person finishes a short prompt in that time, in milliseconds. */
const WAIT_MS = 1_500;
/** So long a draft must stand unchanged: else somebody is typing. In milliseconds. */
const STILL_MS = 700;
/** Each paste of a draft and each look whether one is on its way is a try. */
const PUT_BACK_TRIES = 10;
/** What an agent shows in place of something that can't be typed back. */
const STANDS_FOR_MORE = /\[(?:Pasted|Image|File)\b/i;

/** Null: the composer is empty, and what was in it is on disk. */
export async function takeDraft(work: Work, seen: Seen): Promise<Outcome | null> {
  const { profile } = work;
  const first = textOf(seen);
  if (first === "") return null;
  if (isStuck(work, first)) return leftBeside(work);
  if (isOwn(work, first)) return cleared(work, seen);
  const waited = await lookUntil(work, WAIT_MS, (now) => textOf(now) === "");
  if (!waited.ok) return refused(waited);
  if (waited.isIt) return null;
  const text = textOf(waited);
  const moved = await lookUntil(work, STILL_MS, (now) => textOf(now) !== text);
  if (!moved.ok) return refused(moved);
  if (moved.isIt) return typing(work);
  const rest = besideEarlier(work, text);
  const persons = rest ?? text;
  const isWhole = !STANDS_FOR_MORE.test(persons) && !new RegExp(profile.longPaste).test(persons);
  if (isStuck(work, text)) return leftBeside(work);
  if (profile.clear.length === 0 || !isWhole) return deferred(present(work));
  const isRest = !isBlank(persons) && isLeftOver(work, persons);
  // On disk all the same: a person may have typed just that anew.
  if (isRest) work.attempt.saveDraft(persons);
  else if (!isBlank(persons) && !isKnown(work, persons)) keep(work, persons, moved);
  return cleared(work, moved, rest === null ? (isRest ? work.draft?.text : text) : undefined);
}

/** Types the draft back into an empty composer. True when it stands there again. */
export async function putDraftBack(work: Work): Promise<boolean> {
  const { draft, attempt, clock, pane } = work;
  if (!draft) return true;
  for (let tries = 0; tries < PUT_BACK_TRIES; tries++) {
    const seen = await emptyComposer(work);
    if (!seen.ok || seen.reading.kind !== "composer") return false;
    // What still stands there may yet go: then a later attempt brings it back.
    if (showsAll(textOf(seen), draft.text)) return work.isClearingUnseen ? false : restored();
    const isLeftMark = work.marksLeft > 0 && isMarks(textOf(seen));
    if (textOf(seen) !== "" && !isLeftMark) {
      // A part of it, where taking it out was broken off.
      if (!isPart(textOf(seen), draft.text) && !isBeforeMark(work, textOf(seen))) return false;
      await cleared(work, seen);
      continue;
    }
    // Where it may be on its way already, it would come to stand there twice.
    if (!work.isCaughtUp || isLeftMark) {
      if (!(await caughtUp(work, seen)).ok) return false;
      continue;
    }
    const pasted = await pane.paste(draft.text, seen.screen);
    if (!pasted.ok && !pasted.isMoved) return false;
    work.isCaughtUp = !pasted.ok;
    const shown = await lookUntil(work, ANSWER_MS, (now) => showsAll(textOf(now), draft.text));
    if (shown.ok && shown.isIt) return restored();
  }
  return false;

  function restored(): true {
    if (draft) attempt.record({ type: "draft_restored", at: clock.now(), file: draft.file }, false);
    work.draft = null;
    return true;
  }
}

async function emptyComposer(work: Work): Promise<OnPane<Seen>> {
  const seen = await lookUntil(
    work,
    ANSWER_MS,
    (now) => now.reading.kind === "composer" && textOf(now) === "",
  );
  return seen.ok ? seen : look(work);
}

function isKnown(work: Work, shown: string): boolean {
  return (work.draft !== null && showsAll(shown, work.draft.text)) || isBeforeMark(work, shown);
}

function isBeforeMark({ draft }: Work, shown: string): boolean {
  return draft !== null && isBeforeMarks(shown, draft.text);
}

/** What stands there of a draft that an attempt began to take out, and has on disk as a whole. */
function isLeftOver({ draft }: Work, shown: string): boolean {
  // Of emoji nothing is compared: they may be anybody's.
  if (draft === null || bare(shown) === "" || showsAll(shown, draft.text)) return false;
  return isCutFrom(bare(draft.text), bare(shown));
}

function isPart(shown: string, draft: string): boolean {
  const left = bare(shown);
  if (left === "") return hasRows(draft, shown);
  return bare(draft).includes(left) || isCutFrom(bare(draft), left);
}
