/** `swarm retry-failed` */
import { openOutbox } from "../../app/compose.ts";
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../domain/errors.ts";
import { isFinished } from "../../domain/status.ts";
import { usageError } from "../../library/failure.ts";
import { messageWithId } from "../../library/find-message.ts";
import { countsJson } from "../../library/message-json.ts";
import { agentNamed } from "../../library/recipients.ts";
import { durationOption } from "../../library/send-values.ts";
import type { Outbox, StoredMessage } from "../../ports/store.ts";
import { type Action, type Define, isGiven, textOption } from "../command.ts";
import { timeoutOption } from "../send-options.ts";
import { reportAll } from "../sent-report.ts";

export const defineRetryFailed: Define = (definition, run) => {
  definition
    .option("--agent <agent>", "only messages to this agent")
    .option("--id <id>", "only this message")
    .option("--older-than <duration>", "only those that failed at least so long ago")
    .option("--unconfirmed", "also those that may have been submitted: they may arrive twice")
    .option("--timeout <duration>", "how long to wait for the outcome", "60s")
    .addHelpText("after", EXAMPLES)
    .action(run(retryFailed));
};

const EXAMPLES = `
Prints nothing and exits with 0 when there are none. Two at once are safe.

Examples:
  swarm retry-failed --agent Agent-2
  */10 * * * *  cd /home/me/work && swarm retry-failed --older-than 10m   (cron)`;

const retryFailed: Action = async (session, given) => {
  const { config } = session.workspace();
  const [agent, id, age] = ["agent", "id", "olderThan"].map((name) => textOption(given, name));
  const isUnconfirmedIncluded = isGiven(given, "unconfirmed");
  const olderThanMs = age === undefined ? undefined : durationOption(age, "--older-than");
  const timeoutMs = timeoutOption(given);
  if (agent !== undefined) agentNamed(agent, config);
  const outbox = openOutbox(config);
  const named = id === undefined ? null : retriable(id, outbox, config, isUnconfirmedIncluded);
  const ids = outbox.retryFailed({
    isUnconfirmedIncluded,
    ...(agent !== undefined && { agent }),
    ...(id !== undefined && { id }),
    ...(olderThanMs !== undefined && { olderThanMs }),
  });
  // Where another was faster with a message that was named, its outcome is this one's too.
  const awaited = ids.length === 0 && named && !isFinished(named.state.status) ? [named.message.id] : ids;
  const messages = awaited.flatMap((retried) => outbox.find(retried)?.message ?? []);
  if (messages.length === 0) {
    if (named?.state.status === "delivered") session.note(`${named.message.id} is delivered already`);
    session.json({ counts: countsJson([]), messages: [] });
    return EXIT.done;
  }
  const { waitForMessages } = await import("../wait.ts");
  const waited = await waitForMessages({
    session,
    config,
    outbox,
    messages,
    timeoutMs,
    mayHaveEnded: named !== null,
  });
  return reportAll(session, config, waited, {});
};

/** A message that was named must be one that can be retried; that it waits or has arrived meanwhile is no error. */
function retriable(
  id: string,
  outbox: Outbox,
  config: Config,
  isUnconfirmedIncluded: boolean,
): StoredMessage {
  const stored = messageWithId(id, outbox, config);
  const { status } = stored.state;
  switch (status) {
    case "failed":
    case "queued":
    case "delivering":
    case "delivered":
      return stored;
    case "unconfirmed":
      if (isUnconfirmedIncluded) return stored;
      throw usageError(
        `${id} is unconfirmed: it may have been submitted; nothing was queued`,
        "look at the agent first; to type it again, add --unconfirmed",
      );
    case "cancelled":
    case "expired":
      throw usageError(
        `${id} did not fail: it ${status === "expired" ? "expired" : "was cancelled"}; nothing was queued`,
        `send it anew; its text: swarm read ${id}`,
      );
    default:
      return status satisfies never;
  }
}
