/** Watches the composer after Enter until it is proven that the text is gone, or has stood there for long. */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Look, Refusal } from "../../ports/desktop.ts";
import type { End } from "./caret.ts";
import { holdsNow } from "./control.ts";
import { isPassing, look, silenceMs, takeAim, type Work } from "./work.ts";

/** A page may clear its composer late: another Enter before that would submit twice. In milliseconds. */
const STILL_THERE_MS = 2_500;
/** Many times the slowest answer that was seen in this attempt. */
const STILL_THERE_FACTOR = 3;
const AIMS = 4;
/** A control is waited for so long, in milliseconds, and so many times the composer's usual answer. */
const CONTROL_MS = 2_500;
const CONTROL_FACTOR = 3;
/** A field may be closed until the agent has answered: it is waited for so long. In milliseconds. */
const CLOSED_MS = 10_000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

export type Seen =
  | { readonly kind: "gone" }
  /** Exactly the text stands there; the slowest answer is in milliseconds. */
  | { readonly kind: "still_there"; readonly slowestMs: number }
  /** The key has changed the text instead of submitting it. */
  | { readonly kind: "cut" }
  /** The hands had to be taken off: whether the text stands there can be seen later. */
  | { readonly kind: "hands_off"; readonly error: DeliveryError }
  | { readonly kind: "unknown"; readonly error: DeliveryError };

export interface Entered {
  /** When Enter was pressed, and until when a proof is looked for; on the monotonic clock. */
  readonly at: number;
  readonly proofUntil: number;
  /** The slowest answer after an earlier Enter, in milliseconds. */
  readonly slowestMs: number;
  /** The end of the text, as it was seen before Enter. */
  readonly end: End;
}

export async function watchText(work: Work, entered: Entered): Promise<Seen> {
  const { attempt, clock } = work;
  const { end, proofUntil } = entered;
  const isStanding = (seen: Look) => seen.kind === "text" && seen.content.text === end.copied;
  let { slowestMs } = entered;
  let lost: Refusal | null = null;
  let refusals = 0;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const leftToProve = proofUntil - clock.monotonic();
    if (leftToProve <= 0) return lost ? notSeen(lost) : { kind: "still_there", slowestMs };
    const looked = await look(work, end.keys, Math.min(leftToProve, silenceMs(work)));
    if (!looked.ok) {
      lost = looked;
      if (looked.isHandsOff) return notSeen(looked);
      const aimed = await takeAim({ ...work, attempt: { ...attempt, deadline: proofUntil } });
      // What keeps taking the focus may stop doing so: the message stays unconfirmed otherwise.
      if (!aimed.ok && (aimed.isHandsOff || (!isPassing(aimed) && ++refusals > AIMS))) return notSeen(aimed);
      await pause(clock, FIRST_PAUSE_MS);
      continue;
    }
    lost = null;
    slowestMs = Math.max(slowestMs, looked.look.ms);
    if (!isStanding(looked.look)) {
      const seen = await proven(work, entered, looked.look);
      if (seen !== "text") return seen;
    }
    const stoodMs = clock.monotonic() - entered.at;
    if (stoodMs > Math.max(STILL_THERE_MS, slowestMs * STILL_THERE_FACTOR)) {
      return { kind: "still_there", slowestMs };
    }
    await pause(clock, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Holds the reading against an answer that proves it: `text` when the composer still holds the text. */
async function proven(work: Work, { proofUntil }: Entered, seen: Look): Promise<Seen | "text"> {
  const { attempt, clock } = work;
  let closedUntil: number | null = null;
  let others = 0;
  let silences = 0;
  for (let aims = 0; ; aims++) {
    const patienceMs = Math.max(CONTROL_MS, work.answerMs * CONTROL_FACTOR);
    const control = await holdsNow(work, Math.min(patienceMs, Math.max(0, proofUntil - clock.monotonic())));
    const isLate = clock.monotonic() >= proofUntil;
    const isLast = isLate || aims >= AIMS;
    if (!control.ok) {
      if (control.isHandsOff || (isPassing(control) ? isLate : isLast)) return notSeen(control);
    } else {
      switch (control.holds) {
        case "text":
          return "text";
        case "cut":
          return { kind: "cut" };
        case "mixed":
          return { kind: "unknown", error: changedError(work) };
        case "nothing":
          return { kind: "gone" };
        case "other":
          if (others++ > 0) return { kind: "gone" };
          break;
        case "no_mark":
          closedUntil ??= Math.min(proofUntil, clock.monotonic() + CLOSED_MS);
          if (clock.monotonic() >= closedUntil) return { kind: "unknown", error: closedError(work) };
          await pause(clock, LONGEST_PAUSE_MS);
          break;
        case "no_answer":
          if (silences++ > 0 || isLast) return withoutAnswer(work, seen);
          break;
        default:
          control.holds satisfies never;
      }
    }
    const aimed = await takeAim({ ...work, attempt: { ...attempt, deadline: proofUntil } });
    if (!aimed.ok && aimed.isHandsOff) return notSeen(aimed);
  }
}

function notSeen({ isHandsOff, error }: Refusal): Seen {
  return { kind: isHandsOff ? "hands_off" : "unknown", error };
}

/**
 * A field that takes nothing after Enter, as in a chat that waits for its agent's answer: silence for so much longer than
 * it ever took to answer is the proof that is left. A reading that still shows the id is none.
 */
function withoutAnswer(work: Work, seen: Look): Seen {
  const isShown = seen.kind === "text" && seen.content.text.includes(work.attempt.message.id);
  return isShown ? { kind: "unknown", error: changedError(work) } : { kind: "gone" };
}

function pause(clock: Work["clock"], ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

function closedError(work: Work): DeliveryError {
  return {
    code: "readback_mismatch",
    message: `after ${work.profile.submit} the input field of ${work.agent.name} took no keys for ${CLOSED_MS / 1_000} s`,
    hint: "see what the agent shows",
  };
}

function changedError(work: Work): DeliveryError {
  return {
    code: "readback_mismatch",
    message: `after ${work.profile.submit} the input field of ${work.agent.name} held the text with something else`,
    hint: "somebody else writes there",
  };
}
