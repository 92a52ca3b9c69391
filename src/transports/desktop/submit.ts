/**
 * Presses Enter and proves that the text has gone.
 *
 *   caret at the end → Enter → gone: submitted.   exactly the text, for a long while → Enter again, at most 3 times
 *   not readable any more → aim again and look; the focus may have been stolen after the key
 */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Guarded } from "../../ports/desktop.ts";
import { type End, selectEnd } from "./caret.ts";
import { holdsNow } from "./control.ts";
import { sameText } from "./same-text.ts";
import {
  changed,
  focusKeptAway,
  goneError,
  notSubmitted,
  silentBeforeEnter,
  stopped,
  unproven,
} from "./submit-errors.ts";
import { type Entered, type Seen, watchText } from "./watch.ts";
import {
  leftMs,
  look,
  lookKeys,
  mayBeSubmitted,
  press,
  refused,
  silenceMs,
  takeAim,
  type Work,
} from "./work.ts";

/** It stood there a moment ago: a page that is slow just now is given so long to say so, in milliseconds. */
const WHOLE_MS = 1_000;
const ENTERS = 3;
const AIMS = 4;
/** At least this is given to the answer before Enter, in milliseconds. */
const ENDS_MS = 2_000;
/** A page that stands still is waited for so long, in milliseconds. */
const CONTROL_MS = 2_500;

/** Enter was pressed, and the hands had to be taken off before its proof: it is looked for later. */
export interface Unwatched {
  readonly kind: "unwatched";
  readonly enters: number;
  readonly entered: Entered;
  readonly error: DeliveryError;
}

/** Null: submitted, proven. The composer must hold exactly the text when this is called. `proofMs`: given to the proof. */
export async function submit(work: Work, proofMs: number): Promise<Outcome | Unwatched | null> {
  const { attempt, clock } = work;
  let last = null as Entered | null;
  for (let enters = 0; enters < ENTERS; ) {
    if (attempt.signal.aborted && enters === 0) return stopped(work);
    const pressed = await pressEnter(work);
    if (pressed.ok) {
      enters += 1;
      const at = clock.monotonic();
      last = { ...(last ?? { proofUntil: at + proofMs, slowestMs: 0 }), at, end: pressed.end };
    } else if (last === null) {
      if (work.mayBeEntered && leftMs(work) === 0) return unproven(work, pressed.error);
      if (pressed.isHandsOff || leftMs(work) === 0) return refused(pressed);
      const again = await aimAtText(work);
      if (again !== true) return again;
      continue;
    } else if (pressed.isHandsOff) return { kind: "unwatched", enters, entered: last, error: pressed.error };
    else if (pressed.mayBePressed) last = { ...last, at: clock.monotonic() };
    // An Enter before this one may have submitted it meanwhile.
    const seen = await watchEnter(work, enters, last);
    if (seen === null || seen.kind !== "still_there") return seen;
    last = { ...last, slowestMs: seen.slowestMs };
  }
  return notSubmitted(work, ENTERS);
}

/** Looks for the proof of an Enter that was pressed before the hands had to be taken off; presses no other. */
export async function proveEnter(
  work: Work,
  { enters, entered }: Unwatched,
  proofMs: number,
): Promise<Outcome | Unwatched | null> {
  const proofUntil = work.clock.monotonic() + proofMs;
  work.isTextLeft = true;
  const seen = await watchEnter(work, enters, { ...entered, proofUntil });
  return seen?.kind === "still_there" ? notSubmitted(work, enters) : seen;
}

/** `still_there`: exactly the text, so that Enter may be pressed again. */
async function watchEnter(
  work: Work,
  enters: number,
  entered: Entered,
): Promise<Outcome | Unwatched | (Seen & { readonly kind: "still_there" }) | null> {
  const seen = await watchText(work, entered);
  switch (seen.kind) {
    case "gone":
      return submitted(work, entered.at, enters);
    case "hands_off":
      return { kind: "unwatched", enters, entered, error: seen.error };
    case "unknown":
      return unproven(work, seen.error);
    case "cut":
    case "still_there": {
      work.timing.miss(work.agent.name, "desktop", "submit");
      const isOver = seen.kind === "cut" || work.clock.monotonic() >= entered.proofUntil;
      return isOver || !(await isWholeText(work)) ? notSubmitted(work, enters) : seen;
    }
    default:
      return seen satisfies never;
  }
}

/** Enter with all selected would, where it makes a new line, put that in place of the text: that looks like a submit. */
async function pressEnter(work: Work): Promise<Guarded<{ readonly end: End }>> {
  const { attempt, profile } = work;
  const isUrgent = attempt.message.priority === "urgent";
  const selected = await selectEnd(work, attempt.text, Math.max(ENDS_MS, leftMs(work)));
  if (!selected.ok) return selected;
  const { end } = selected;
  if (!end) return silentBeforeEnter(work);
  const chord = isUrgent ? (profile.urgentSubmit ?? profile.submit) : profile.submit;
  const { mayBeEntered } = work;
  noteTyped(work);
  work.mayBeEntered = true;
  const pressed = await press(work, [profile.caretEnd, chord]);
  if (!pressed.ok && !pressed.mayBePressed) work.mayBeEntered = mayBeEntered;
  return pressed.ok ? { ok: true, end } : pressed;
}

/** On record right before the key: a person's key that replaces the text sooner finds an attempt that has submitted nothing. */
function noteTyped(work: Work): void {
  const { typedMs, attempt, clock } = work;
  if (typedMs === null) return;
  attempt.record({ type: "typed", at: clock.now(), ms: typedMs }, true);
  work.typedMs = null;
}

function submitted(work: Work, enteredAt: number, enters: number): null {
  const { attempt, clock, timing, agent } = work;
  const ms = clock.monotonic() - enteredAt;
  work.isTextLeft = false;
  timing.record(agent.name, "desktop", "submit", ms);
  attempt.record({ type: "submitted", at: clock.now(), ms, enters }, false);
  return null;
}

/** Enter is pressed again only while the composer holds exactly the text. */
async function isWholeText(work: Work): Promise<boolean> {
  const looked = await look(work, lookKeys(work), Math.max(WHOLE_MS, silenceMs(work)));
  return looked.ok && looked.look.kind === "text" && sameText(looked.look.content.text, work.attempt.text);
}

/** Aims again after the focus was lost before Enter: true when the composer still holds exactly the text. */
async function aimAtText(work: Work): Promise<true | Outcome> {
  for (let aims = 0; aims < AIMS && leftMs(work) > 0; aims++) {
    const aimed = await takeAim(work);
    if (!aimed.ok) {
      if (aimed.isHandsOff) return refused(aimed);
      continue;
    }
    const looked = await look(work, lookKeys(work), silenceMs(work));
    if (!looked.ok) {
      if (looked.isHandsOff) return refused(looked);
      continue;
    }
    if (looked.look.kind === "text" && sameText(looked.look.content.text, work.attempt.text)) return true;
    const control = await holdsNow(work, CONTROL_MS);
    if (!control.ok) {
      if (control.isHandsOff) return refused(control);
      continue;
    }
    switch (control.holds) {
      case "text":
        return true;
      case "cut":
      case "mixed":
        // It stands there with something of a person's, and was not submitted.
        return refused(changed(work));
      case "nothing":
      case "other":
        // The text was there and is not any more, without an Enter of ours: somebody submitted or removed it.
        return work.typedMs === null || (await mayBeSubmitted(work, work.knownAt))
          ? unproven(work, goneError(work))
          : refused(changed(work));
      case "no_mark":
      case "no_answer":
        break;
      default:
        control.holds satisfies never;
    }
  }
  return refused(focusKeptAway(work));
}
