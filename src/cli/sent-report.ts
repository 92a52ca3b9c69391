/** Tells what became of sent messages: results on standard output, reasons on standard error, and the exit code. */

import type { Config } from "../config/config.ts";
import { EXIT, type ExitCode } from "../domain/errors.ts";
import { isFinished } from "../domain/status.ts";
import type { Ended } from "../library/await-messages.ts";
import { countsJson, deliveryMs, messageJson, type Sent } from "../library/message-json.ts";
import { isSystemError } from "../support/system-error.ts";
import { combinedExitCode, exitCodeOf, explanationOf, outcomeLine } from "./outcome.ts";
import type { ProblemText } from "./problem-text.ts";
import { counted, length, type Paint, paintStatus, table } from "./render.ts";
import type { Session } from "./session.ts";

/** One message. */
export async function reportOne(
  session: Session,
  config: Config,
  { sent, isInterrupted }: Ended,
): Promise<ExitCode> {
  const paint = await session.paint();
  for (const one of sent) {
    tellResult(session, [one], () => {
      session.say(outcomeLine(one, paint));
      session.json(messageJson(one, config));
    });
    const why = explanationOf(one);
    if (why) session.explain(isInterrupted ? { ...why, what: `interrupted; ${why.what}` } : why);
  }
  return isInterrupted ? EXIT.interrupted : combinedExitCode(sent.map(({ state }) => exitCodeOf(state)));
}

/** Several messages: a line per recipient, and each reason once. `ids` go into the JSON before the counts. */
export async function reportAll(
  session: Session,
  config: Config,
  { sent, isInterrupted }: Ended,
  ids: Readonly<Record<string, string | null>>,
): Promise<ExitCode> {
  const paint = await session.paint();
  tellResult(session, sent, () => {
    session.show(table(sent.map((one) => rowOf(one, paint))));
    session.json({ ...ids, counts: countsJson(sent), messages: sent.map((one) => messageJson(one, config)) });
  });
  const interrupted = isInterrupted ? "interrupted; " : "";
  session.note(`${interrupted}${summary(sent)}`);
  for (const why of reasons(sent)) session.explain(why);
  return isInterrupted ? EXIT.interrupted : combinedExitCode(sent.map(({ state }) => exitCodeOf(state)));
}

/**
 * Tells of accepted messages by `tell`. Where standard output takes nothing (it is a file on a full disk), they are
 * accepted all the same: the exit code must not say otherwise, or they would be sent again.
 */
export function tellResult(session: Session, sent: readonly Sent[], tell: () => void): void {
  try {
    tell();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const ids = sent.map(({ message }) => message.id).join(", ");
    const what = `${counted(sent.length, "message")} accepted (${ids}), but standard output can't be written: ${cause.message}`;
    session.explain({ what, hint: "do not send again; see how it goes: swarm status ID" });
  }
}

function rowOf(one: Sent, paint: Paint) {
  const { message, state } = one;
  const ms = deliveryMs(one);
  return [
    message.recipient,
    {
      text: state.status,
      paint: (text: string) => text.replace(state.status, paintStatus(paint, state.status)),
    },
    { text: ms === null ? "" : length(ms), isRight: true },
    message.id,
    state.status === "delivered" ? "" : (state.error?.code ?? ""),
  ];
}

function summary(sent: readonly Sent[]): string {
  const delivered = sent.filter(({ state }) => state.status === "delivered").length;
  return `${delivered} of ${counted(sent.length, "message")} delivered`;
}

/** Told of each cause; the table says which agents it is about. */
const MOST_PER_CAUSE = 3;

/** Those that merely wait are told together; of every cause the first few, and how many more there are. */
function reasons(sent: readonly Sent[]): readonly ProblemText[] {
  const waiting = sent.filter(({ state }) => !isFinished(state.status) && state.error === null);
  const causes = new Map<string, readonly ProblemText[]>();
  for (const one of sent) {
    const why = waiting.includes(one) ? null : explanationOf(one);
    const cause = `${one.state.status} ${one.state.error?.code}`;
    if (why) causes.set(cause, [...(causes.get(cause) ?? []), why]);
  }
  const told = [...causes.values()].flatMap((same) =>
    same.length <= MOST_PER_CAUSE
      ? same
      : [...same.slice(0, MOST_PER_CAUSE), andMore(same.length - MOST_PER_CAUSE)],
  );
  return waiting.length === 0 ? told : [...told, stillQueued(waiting.length)];
}

function andMore(count: number): ProblemText {
  return { what: `and ${count} more for the same cause`, hint: "see each with: swarm status ID" };
}

function stillQueued(count: number): ProblemText {
  const verb = count === 1 ? "stays queued and will be delivered" : "stay queued and will be delivered";
  return { what: `${counted(count, "message")} ${verb}`, hint: "see how it goes: swarm status --watch" };
}
