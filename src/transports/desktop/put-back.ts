/** Leaves the composer as it was found: our text out of it, the person's draft in it again. */
import type { Guarded, Refusal } from "../../ports/desktop.ts";
import { holdsNow, isMark } from "./control.ts";
import { isOwnText, keepDraft } from "./keep-draft.ts";
import { isBlank, isCut, isOfDraft, sameText, without } from "./same-text.ts";
import { settledReading } from "./settled.ts";
import { undoPaste } from "./undo.ts";
import { look, lookKeys, press, silenceMs, takeAim, type Work } from "./work.ts";

const TRIES = 3;
/** A page that answered only when the paste was on its way is given so long to answer the next look, in milliseconds. */
const LATE_LOOK_MS = 500;
const LATE_TRIES = 8;
const PATIENCE_MS = 3_000;

/** True when nothing of ours is left in the composer and the draft, if there was one, is back. */
export async function putBack(work: Work): Promise<boolean> {
  if (!work.draft && !work.isTextLeft && !work.isMarkLeft) return true;
  let lookMs = silenceMs(work);
  let late = 0;
  for (let tries = 0; tries < TRIES && late < LATE_TRIES; ) {
    const done = await putBackOnce(work, tries > 0, lookMs);
    if (done === true) return true;
    if (done === "late") {
      late += 1;
      lookMs = LATE_LOOK_MS;
      continue;
    }
    if (done !== false && done.isHandsOff) return false;
    tries += 1;
  }
  return false;
}

/** "late": nothing was pasted, for the page still had an earlier copy to answer. */
async function putBackOnce(
  work: Work,
  isAimLost: boolean,
  lookMs: number,
): Promise<boolean | "late" | Refusal> {
  const { hands, profile, attempt } = work;
  if (isAimLost) {
    const aimed = await takeAim({
      ...work,
      attempt: { ...attempt, deadline: work.clock.monotonic() + PATIENCE_MS },
    });
    if (!aimed.ok) return aimed;
  }
  const wanted = work.draft?.content ?? { text: "", flavors: {} };
  const read = await readNow(work, wanted.text, lookMs);
  if (!read.ok) return read;
  const now = read.text;
  const rest = unsavedRest(work, now);
  if (rest !== null && keepDraft(work, { text: rest, flavors: {} })) return undone(work, rest);
  if (isBlank(now) && isBlank(wanted.text)) return provenEmpty(work);
  if (sameText(now, wanted.text)) return finished(work);
  const isOurs =
    isBlank(now) ||
    isMark(now) ||
    isOfDraft(now, wanted.text) ||
    isOwnText(work, now) ||
    isCut(now, attempt.text) ||
    without(now, attempt.text) !== null;
  // Something that is neither ours nor the draft was put there meanwhile: it stays, and so does the saved draft's file.
  if (!isOurs) return !work.isTextLeft;
  if (isBlank(wanted.text)) {
    const erased = await press(work, [profile.selectAll, profile.erase]);
    return erased.ok ? false : erased;
  }
  const keys = {
    before: profile.selectAll,
    paste: profile.paste,
    selectAll: profile.selectAll,
    copy: profile.copy,
  };
  const pasted = await hands.pasteAndLook(wanted, keys, PATIENCE_MS);
  if (!pasted.ok) return pasted;
  const isBack = pasted.look.kind === "text" && sameText(pasted.look.content.text, wanted.text);
  if (isBack) return finished(work);
  return pasted.overtaken ? "late" : false;
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
function unsavedRest(work: Work, now: string): string | null {
  const { attempt, draft } = work;
  const rest = without(now, attempt.text);
  const isOurs = rest === null || isBlank(rest) || isMark(rest) || isOwnText(work, rest);
  return isOurs || (draft && isOfDraft(rest, draft.content.text)) ? null : rest;
}

async function undone(work: Work, rest: string): Promise<boolean | Refusal> {
  const undo = await undoPaste(work, rest);
  return undo.ok ? undo.isUndone && finished(work) : undo;
}

/** Silence alone is no proof: the composer is empty when it answers a control with nothing else. */
async function provenEmpty(work: Work): Promise<boolean | Refusal> {
  const control = await holdsNow(work, PATIENCE_MS);
  if (!control.ok) return control;
  switch (control.holds) {
    case "text":
    case "cut":
    case "mixed":
      return false;
    case "nothing":
    case "other":
    case "no_mark":
    case "no_answer":
      // Where nothing can be put in, nothing of ours can be either.
      return finished(work);
    default:
      return control.holds satisfies never;
  }
}

function finished(work: Work): true {
  work.isTextLeft = false;
  work.isMarkLeft = false;
  if (work.draft) {
    work.attempt.record({ type: "draft_restored", at: work.clock.now(), file: work.draft.file }, false);
    work.draft = null;
  }
  return true;
}
