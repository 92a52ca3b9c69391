/**
 * Presses Enter and proves that the text has gone.
 *
 *   caret at the end → Enter → gone: submitted.   exactly the text, for a long while → Enter again, at most 3 times
 *   not readable any more → aim again and look; the focus may have been stolen after the key
 */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Guarded, Refusal } from "../../ports/desktop.ts";
import { type End, selectEnd } from "./caret.ts";
import { sameText } from "./same-text.ts";
import { watchText } from "./watch.ts";
import { leftMs, look, lookKeys, press, refused, silenceMs, takeAim, type Work } from "./work.ts";

const ENTERS = 3;
const AIMS = 4;
/** At least this is given to the answer before Enter, in milliseconds. */
const ENDS_MS = 2_000;

/** Null: submitted, proven. The composer must hold exactly the text when this is called. `proofMs`: given to the proof. */
export async function submit(work: Work, proofMs: number): Promise<Outcome | null> {
  const { attempt, clock } = work;
  let proofUntil = Number.POSITIVE_INFINITY;
  let slowestMs = 0;
  for (let enters = 0; enters < ENTERS; ) {
    if (attempt.signal.aborted && enters === 0) return stopped(work);
    const pressed = await pressEnter(work);
    if (!pressed.ok) {
      if (enters > 0) return unproven(work, pressed.error);
      if (pressed.isHandsOff || leftMs(work) === 0) return refused(pressed);
      const again = await aimAtText(work);
      if (again !== true) return again;
      continue;
    }
    enters += 1;
    const at = clock.monotonic();
    if (enters === 1) proofUntil = at + proofMs;
    const seen = await watchText(work, { at, proofUntil, slowestMs, end: pressed.end });
    if (seen.kind === "gone") return submitted(work, at, enters);
    if (seen.kind === "unknown") return unproven(work, seen.error);
    work.timing.miss(work.agent.name, "desktop", "submit");
    if (seen.kind === "cut" || clock.monotonic() >= proofUntil || !(await isWholeText(work))) break;
    slowestMs = seen.slowestMs;
  }
  return notSubmitted(work);
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
  const pressed = await press(work, [profile.caretEnd, chord]);
  return pressed.ok ? { ok: true, end } : pressed;
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
  const looked = await look(work, lookKeys(work), silenceMs(work));
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
    // The text was there and is not any more, without an Enter of ours: somebody submitted or removed it.
    return unproven(work, goneError(work));
  }
  return refused(focusKeptAway(work));
}

function stopped(work: Work): Outcome {
  return {
    kind: "handed_back",
    error: {
      code: "worker_died",
      message: `the worker was stopped before the message to ${work.agent.name} was submitted`,
      hint: "it is delivered by the next worker",
    },
  };
}

function unproven(work: Work, cause: DeliveryError): Outcome {
  return {
    kind: "unknown",
    error: {
      code: "submit_unproven",
      message: `the message stood in the input field of ${work.agent.name}, and whether it was submitted could not be proven: ${cause.message}`,
      hint: `look at ${work.agent.name}; if it is not there: swarm retry-failed --unconfirmed --id ${work.attempt.message.id}`,
    },
  };
}

function goneError(work: Work): DeliveryError {
  return {
    code: "submit_unproven",
    message: `the text was gone from ${work.agent.name} before Enter was pressed`,
    hint: "somebody at the desktop submitted or removed it",
  };
}

function silentBeforeEnter(work: Work): Refusal {
  return {
    ok: false,
    isHandsOff: false,
    error: {
      code: "readback_mismatch",
      message: `the input field of ${work.agent.name} held the text, and stopped answering before ${work.profile.submit} could be pressed`,
      hint: "nothing was submitted; the message is tried again by itself",
    },
  };
}

function focusKeptAway(work: Work): Refusal {
  return {
    ok: false,
    isHandsOff: false,
    error: {
      code: "focus_lost",
      message: `the window of ${work.agent.name} lost the focus again and again before Enter could be pressed`,
      hint: "nothing was submitted; see what keeps taking the focus; the message is tried again by itself",
    },
  };
}

function notSubmitted(work: Work): Outcome {
  return {
    kind: "rejected",
    error: {
      code: "not_submitted",
      message: `${work.agent.name} kept the text in its input field after ${ENTERS} times ${work.profile.submit}`,
      hint: `check which key submits there and set it in a profile; then: swarm retry-failed --id ${work.attempt.message.id}`,
    },
  };
}
