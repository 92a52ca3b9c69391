/** `swarm retry-failed` */
import { EXIT } from "../../domain/errors.ts";
import { countsJson } from "../../library/message-json.ts";
import { retryFailed as retry } from "../../library/retry-failed.ts";
import { durationOption } from "../../library/send-values.ts";
import { type Action, type Define, isGiven, textOption } from "../command.ts";
import { timeoutOption } from "../send-options.ts";
import { reportAll } from "../sent-report.ts";
import { attended } from "../wait.ts";

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
  const olderThanMs = age === undefined ? undefined : durationOption(age, "--older-than");
  const selection = {
    isUnconfirmedIncluded: isGiven(given, "unconfirmed"),
    ...(agent !== undefined && { agent }),
    ...(id !== undefined && { id }),
    ...(olderThanMs !== undefined && { olderThanMs }),
  };
  const timeoutMs = timeoutOption(given);
  const place = { config, env: session.env };
  const ended = await attended(session, (hearing) => retry(place, selection, timeoutMs, hearing));
  if (ended.sent.length > 0) return reportAll(session, config, ended, {});
  session.json({ counts: countsJson([]), messages: [] });
  return EXIT.done;
};
