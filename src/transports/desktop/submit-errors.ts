/** What is said of a text that stood in the composer and was not submitted, or of which that can't be proven. */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Refusal } from "../../ports/desktop.ts";
import type { Work } from "./work.ts";

export function stopped(work: Work): Outcome {
  return {
    kind: "handed_back",
    error: {
      code: "worker_died",
      message: `the worker was stopped before the message to ${work.agent.name} was submitted`,
      hint: "it is delivered by the next worker",
    },
  };
}

export function unproven(work: Work, cause: DeliveryError): Outcome {
  return {
    kind: "unknown",
    error: {
      code: "submit_unproven",
      message: `the message stood in the input field of ${work.agent.name}, and whether it was submitted could not be proven: ${cause.message}`,
      hint: `look at ${work.agent.name}; if it is not there: swarm retry-failed --unconfirmed --id ${work.attempt.message.id}`,
    },
  };
}

export function goneError(work: Work): DeliveryError {
  return {
    code: "submit_unproven",
    message: `the text was gone from ${work.agent.name} before Enter was pressed`,
    hint: "somebody at the desktop submitted or removed it",
  };
}

export function silentBeforeEnter(work: Work): Refusal {
  return refusal({
    code: "readback_mismatch",
    message: `the input field of ${work.agent.name} held the text, and stopped answering before ${work.profile.submit} could be pressed`,
    hint: "nothing was submitted; the message is tried again by itself",
  });
}

export function changed(work: Work): Refusal {
  return refusal({
    code: "readback_mismatch",
    message: `somebody typed into the text in the input field of ${work.agent.name} before Enter was pressed`,
    hint: "nothing was submitted; the message is tried again by itself",
  });
}

export function focusKeptAway(work: Work): Refusal {
  return refusal({
    code: "focus_lost",
    message: `the window of ${work.agent.name} lost the focus again and again before Enter could be pressed`,
    hint: "nothing was submitted; see what keeps taking the focus; the message is tried again by itself",
  });
}

export function notSubmitted(work: Work, enters: number): Outcome {
  return {
    kind: "rejected",
    error: {
      code: "not_submitted",
      message: `${work.agent.name} kept the text in its input field after ${enters} × ${work.profile.submit}`,
      hint: `check which key submits there and set it in a profile; then: swarm retry-failed --id ${work.attempt.message.id}`,
    },
  };
}

function refusal(error: DeliveryError): Refusal {
  return { ok: false, isHandsOff: false, mayBePressed: true, error };
}
