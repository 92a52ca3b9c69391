/**
 * Presses Enter and proves that the text has gone.
 *
 *   Enter → gone: submitted.   still exactly the text, for a long while → Enter again, at most 3 times → taken out again
 *   not readable any more → aim again and look; the focus may have been stolen after the key
 */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Look, Refusal } from "../../ports/desktop.ts";
import { holdsNow } from "./control.ts";
import { sameText } from "./same-text.ts";
import { leftMs, lookKeys, refused, silenceMs, takeAim, type Work } from "./work.ts";

const ENTERS = 3;
/** A page may clear its composer late: another Enter before that would submit twice. In milliseconds. */
const STILL_THERE_MS = 2_500;
/** Many times the slowest answer that was seen in this attempt. */
const STILL_THERE_FACTOR = 3;
const AIMS = 4;
/** A control is waited for so long, in milliseconds, and so many times the composer's usual answer. */
const CONTROL_MS = 2_500;
const CONTROL_FACTOR = 3;

/** Null: submitted, proven. The composer must hold exactly the text when this is called. */
export async function submit(work: Work, proofMs: number): Promise<Outcome | null> {
  const { attempt, profile, hands, clock } = work;
  const chord =
    attempt.message.priority === "urgent" ? (profile.urgentSubmit ?? profile.submit) : profile.submit;
  let proofUntil = Number.POSITIVE_INFINITY;
  let slowestMs = 0;
  for (let enters = 0; enters < ENTERS; ) {
    if (attempt.signal.aborted && enters === 0) return stopped(work);
    // The reading left all selected: an Enter that makes a new line would replace it, and look like a submit.
    const pressed = await hands.press([profile.caretEnd, chord]);
    if (!pressed.ok) {
      if (enters > 0 || pressed.isHandsOff)
        return enters > 0 ? unproven(work, pressed.error) : refused(pressed);
      const again = await aimAtText(work);
      if (again !== true) return again;
      continue;
    }
    enters += 1;
    const enteredAt = clock.monotonic();
    if (enters === 1) proofUntil = enteredAt + proofMs;
    const seen = await watchText(work, enteredAt, proofUntil, slowestMs);
    if (seen.kind === "gone") {
      work.isTextLeft = false;
      work.timing.record(work.agent.name, "desktop", "submit", clock.monotonic() - enteredAt);
      attempt.record(
        { type: "submitted", at: clock.now(), ms: clock.monotonic() - enteredAt, enters },
        false,
      );
      return null;
    }
    if (seen.kind === "unknown") return unproven(work, seen.error);
    slowestMs = seen.slowestMs;
    work.timing.miss(work.agent.name, "desktop", "submit");
    if (clock.monotonic() >= proofUntil) break;
  }
  return notSubmitted(work);
}

/** Aims again after the focus was lost before Enter: true when the composer still holds exactly the text. */
async function aimAtText(work: Work): Promise<true | Outcome> {
  for (let aims = 0; aims < AIMS && leftMs(work) > 0; aims++) {
    const aimed = await takeAim(work);
    if (!aimed.ok) {
      if (aimed.isHandsOff) return refused(aimed);
      continue;
    }
    const looked = await work.hands.look(lookKeys(work), silenceMs(work));
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

type Seen =
  | { readonly kind: "gone" }
  | { readonly kind: "still_there"; readonly slowestMs: number }
  | { readonly kind: "unknown"; readonly error: DeliveryError };

/** Looks until the text is gone, or has stood there for so long that Enter was not taken. */
async function watchText(work: Work, enteredAt: number, proofUntil: number, slowest: number): Promise<Seen> {
  const { attempt, clock, hands } = work;
  let slowestMs = slowest;
  let aims = 0;
  let pauseMs = 10;
  for (;;) {
    const leftToProve = proofUntil - clock.monotonic();
    if (leftToProve <= 0) return { kind: "still_there", slowestMs };
    const looked = await hands.look(lookKeys(work), Math.min(leftToProve, silenceMs(work)));
    if (!looked.ok) {
      if (looked.isHandsOff || ++aims > AIMS) return { kind: "unknown", error: looked.error };
      const aimed = await takeAim({ ...work, attempt: { ...attempt, deadline: proofUntil } });
      if (!aimed.ok && (aimed.isHandsOff || ++aims > AIMS)) return { kind: "unknown", error: aimed.error };
      continue;
    }
    const { look } = looked;
    slowestMs = Math.max(slowestMs, look.ms);
    const isStanding = look.kind === "text" && sameText(look.content.text, attempt.text);
    if (!isStanding) {
      const holds = await proven(work, proofUntil, look);
      if (holds !== "text") return holds;
    }
    const stoodMs = clock.monotonic() - enteredAt;
    if (stoodMs > Math.max(STILL_THERE_MS, slowestMs * STILL_THERE_FACTOR)) {
      return { kind: "still_there", slowestMs };
    }
    await pause(clock, pauseMs);
    pauseMs = Math.min(pauseMs * 2, 250);
  }
}

/** Holds the reading against an answer that proves it: `text` when the composer still holds the text. */
async function proven(work: Work, proofUntil: number, look: Look): Promise<Seen | "text"> {
  const { attempt, clock } = work;
  for (let aims = 0; ; aims++) {
    const patienceMs = Math.max(CONTROL_MS, work.answerMs * CONTROL_FACTOR);
    const control = await holdsNow(work, Math.min(patienceMs, Math.max(0, proofUntil - clock.monotonic())));
    if (control.ok && control.holds === "text") return "text";
    if (control.ok && control.holds === "mixed") return { kind: "unknown", error: changedError(work) };
    if (control.ok && control.holds === "nothing") return { kind: "gone" };
    if (control.ok && control.holds === "other" && aims > 0) return { kind: "gone" };
    const isLast = aims >= AIMS || clock.monotonic() >= proofUntil;
    if (control.ok && (aims > 0 || isLast)) return withoutAnswer(work, look);
    if (!control.ok && (control.isHandsOff || isLast)) return { kind: "unknown", error: control.error };
    const aimed = await takeAim({ ...work, attempt: { ...attempt, deadline: proofUntil } });
    if (!aimed.ok && aimed.isHandsOff) return { kind: "unknown", error: aimed.error };
  }
}

/**
 * A field that takes nothing after Enter, as in a chat that waits for its agent's answer: silence for so much longer than
 * it ever took to answer is the proof that is left. A reading that still shows the id is none.
 */
function withoutAnswer(work: Work, look: Look): Seen {
  const isShown = look.kind === "text" && look.content.text.includes(work.attempt.message.id);
  return isShown ? { kind: "unknown", error: changedError(work) } : { kind: "gone" };
}

function pause(clock: Work["clock"], ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
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

function changedError(work: Work): DeliveryError {
  return {
    code: "readback_mismatch",
    message: `after Enter the input field of ${work.agent.name} held the text with something else`,
    hint: "somebody else writes there",
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
