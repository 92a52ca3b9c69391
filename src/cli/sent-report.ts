/** Tells what became of sent messages: results on standard output, reasons on standard error, and the exit code. */
import type { Config } from "../config/config.ts";
import { EXIT, type ExitCode } from "../domain/errors.ts";
import { countsJson, deliveryMs, messageJson, type Sent } from "./message-json.ts";
import { combinedExitCode, type Explanation, exitCodeOf, explanationOf, outcomeLine } from "./outcome.ts";
import { counted, length, type Paint, paintStatus, table } from "./render.ts";
import type { Session } from "./session.ts";
import type { Waited } from "./wait.ts";

/** One message. */
export async function reportOne(
  session: Session,
  config: Config,
  { sent, isInterrupted }: Waited,
): Promise<ExitCode> {
  for (const one of sent) {
    session.say(outcomeLine(one, await session.paint()));
    session.json(messageJson(one, config));
    const why = explanationOf(one);
    if (why) session.explain(isInterrupted ? { ...why, what: `interrupted; ${why.what}` } : why);
  }
  return isInterrupted ? EXIT.interrupted : combinedExitCode(sent.map(({ state }) => exitCodeOf(state)));
}

/** Several messages: a line per recipient, and each reason once. `ids` go into the JSON before the counts. */
export async function reportAll(
  session: Session,
  config: Config,
  { sent, isInterrupted }: Waited,
  ids: Readonly<Record<string, string | null>>,
): Promise<ExitCode> {
  const paint = await session.paint();
  session.show(table(sent.map((one) => rowOf(one, paint))));
  session.json({ ...ids, counts: countsJson(sent), messages: sent.map((one) => messageJson(one, config)) });
  const interrupted = isInterrupted ? "interrupted; " : "";
  session.note(`${interrupted}${summary(sent)}`);
  for (const why of reasons(sent)) session.explain(why);
  return isInterrupted ? EXIT.interrupted : combinedExitCode(sent.map(({ state }) => exitCodeOf(state)));
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

/** Those that wait are told together; every other reason is told once, with the agents that it is about in its text. */
function reasons(sent: readonly Sent[]): readonly Explanation[] {
  const waiting = sent.filter(({ state }) => state.status === "queued" || state.status === "delivering");
  const quiet = waiting.filter(({ state }) => state.error === null);
  const others = sent.filter((one) => !quiet.includes(one)).flatMap((one) => explanationOf(one) ?? []);
  const distinct = [...new Map(others.map((why) => [why.what, why])).values()];
  if (quiet.length === 0) return distinct;
  const verb =
    quiet.length === 1 ? "stays queued and will be delivered" : "stay queued and will be delivered";
  return [
    ...distinct,
    { what: `${counted(quiet.length, "message")} ${verb}`, hint: "see how it goes: swarm status --watch" },
  ];
}
