/** What became of messages, as an exit code and in words. */
import { EXIT, type ExitCode, needsPerson } from "../domain/errors.ts";
import type { MessageState } from "../domain/status.ts";
import { deliveryMs, type Sent } from "../library/message-json.ts";
import type { ProblemText } from "./problem-text.ts";
import { counted, length, type Paint, paintStatus } from "./render.ts";

/** The code for one message. A message that has not ended will be delivered, unless a person has to do something first. */
export function exitCodeOf({ status, error }: MessageState): ExitCode {
  const isForPerson = error !== null && needsPerson(error.code);
  switch (status) {
    case "delivered":
      return EXIT.done;
    case "unconfirmed":
      return EXIT.unconfirmed;
    case "failed":
      return isForPerson ? EXIT.personNeeded : EXIT.failed;
    case "cancelled":
    case "expired":
      return EXIT.failed;
    case "queued":
    case "delivering":
      return isForPerson ? EXIT.personNeeded : EXIT.stillQueued;
    default:
      return status satisfies never;
  }
}

const WORST_FIRST: readonly ExitCode[] = [
  EXIT.notStored,
  EXIT.bug,
  EXIT.failed,
  EXIT.unconfirmed,
  EXIT.personNeeded,
  EXIT.stillQueued,
];

/** The code for several messages: the first that applies of 75, 70, 1, 6, 5, 4, 0. */
export function combinedExitCode(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.done;
}

/** What became of one message, on one line. */
export function outcomeLine(sent: Sent, paint: Paint): string {
  const { message, state } = sent;
  const start = `${message.id} ${paintStatus(paint, state.status)}`;
  const ms = deliveryMs(sent);
  switch (state.status) {
    case "delivered":
      return `${start} to ${message.recipient} in ${length(ms ?? 0)} (${state.evidence.join(", ")})`;
    case "failed":
    case "unconfirmed": {
      const tries = counted(state.attempts, "attempt");
      return `${start} for ${message.recipient}: ${state.error?.code ?? "unknown"}, ${tries}`;
    }
    case "queued":
    case "delivering":
    case "cancelled":
    case "expired":
      return `${start} for ${message.recipient}`;
    default:
      return state.status satisfies never;
  }
}

/** Why a message was not delivered and what to do now; null when it was. */
export function explanationOf({ message, state }: Sent): ProblemText | null {
  const { id, recipient } = message;
  const { error, inboxFile: file } = state;
  switch (state.status) {
    case "delivered":
      return null;
    case "failed":
      return {
        what: `${recipient}: ${error?.message ?? "it failed"}`,
        hint: error?.hint ?? `swarm retry-failed --id ${id}`,
        file,
      };
    case "unconfirmed":
      return {
        what: `${recipient}: ${error?.message ?? "it may have been submitted, and nothing proves it"}`,
        hint:
          error?.hint ??
          `look at ${recipient}; to type it again: swarm retry-failed --unconfirmed --id ${id}`,
        file,
      };
    case "cancelled":
      return {
        what: `${id} was cancelled before it was delivered`,
        hint: "send it anew if it was a mistake",
      };
    case "expired":
      return {
        what: `${id} expired before it could be delivered to ${recipient}`,
        hint: "send it anew, with a longer --expires or without",
      };
    case "queued":
    case "delivering":
      return stillQueued({ message, state });
    default:
      return state.status satisfies never;
  }
}

function stillQueued({ message, state }: Sent): ProblemText {
  const { id, recipient } = message;
  const what = `${id} to ${recipient} stays queued and will be delivered`;
  if (state.error === null) {
    return { what, hint: `see how it goes: swarm status ${id}; take it back: swarm cancel ${id}` };
  }
  return { what: `${what}; the last attempt: ${state.error.message}`, hint: state.error.hint };
}
