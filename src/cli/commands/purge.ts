/** `swarm purge` */
import { openOutbox } from "../../app/compose.ts";
import { EXIT } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { countsJson, messageJson } from "../../library/message-json.ts";
import { agentNamed } from "../../library/recipients.ts";
import { durationOption } from "../../library/send-values.ts";
import type { StoredMessage } from "../../ports/store.ts";
import { type Action, type Define, isGiven, textOption } from "../command.ts";
import { fittedTable } from "../fitted-table.ts";
import { isTerminal, terminalWidth, writeErr } from "../output.ts";
import { counted, length } from "../render.ts";
import type { Session } from "../session.ts";

export const definePurge: Define = (definition, run) => {
  definition
    .option("--older-than <duration>", "only those that failed at least so long ago", "30d")
    .option("--agent <agent>", "only messages to this agent")
    .option("--unconfirmed", "also those that may have been submitted")
    .option("--yes", "do not ask")
    .addHelpText("after", EXAMPLES)
    .action(run(purge));
};

const EXAMPLES = `
What is given up is \`cancelled\`: it is not tried again, and no alert tells of
it. Its text stays in the inbox file, and in the archive while that is kept.

Examples:
  swarm purge
  swarm purge --older-than 7d --agent Agent-2
  swarm purge --older-than 90d --yes --quiet   (cron)`;

/** Shown before the question. */
const SHOWN = 20;

const purge: Action = async (session, given) => {
  const { config } = session.workspace();
  const agent = textOption(given, "agent");
  if (agent !== undefined) agentNamed(agent, config);
  const outbox = openOutbox(config);
  const old = outbox.deadLetters({
    isUnconfirmedIncluded: isGiven(given, "unconfirmed"),
    olderThanMs: durationOption(textOption(given, "olderThan") ?? "30d", "--older-than"),
    ...(agent !== undefined && { agent }),
  });
  const isWanted = old.length === 0 || isGiven(given, "yes") || (await isConfirmed(session, old));
  if (!isWanted) {
    session.note("nothing was given up");
    return EXIT.done;
  }
  const purged = old.flatMap(({ message: { id }, state: { status } }) =>
    (status === "failed" || status === "unconfirmed") && outbox.purge(id, status)
      ? (outbox.find(id) ?? [])
      : [],
  );
  session.json({
    counts: countsJson(purged),
    messages: purged.map((stored) => messageJson(stored, config)),
  });
  session.say(
    old.length === 0
      ? `there are no such dead letters; swarm purge --older-than 1d looks for younger ones`
      : `${counted(purged.length, "dead letter")} given up`,
  );
  return EXIT.done;
};

/** Throws SwarmError where nobody is there to be asked. */
async function isConfirmed(session: Session, old: readonly StoredMessage[]): Promise<boolean> {
  if (!isTerminal("stdin") || session.flags.json)
    throw usageError(
      `${counted(old.length, "dead letter")} would be given up, and there is no terminal on which to ask; nothing was`,
      "add --yes to do it without a question",
    );
  const now = Date.now();
  const rows = old
    .slice(0, SHOWN)
    .map(({ message, state }) => [
      { text: message.id },
      { text: message.recipient },
      { text: state.status },
      { text: `${length(Math.max(0, now - (state.finishedAt ?? now)))} ago`, isRight: true },
      { text: state.error?.code ?? "" },
    ]);
  writeErr(fittedTable(rows, 4, terminalWidth("stderr"), false));
  if (old.length > SHOWN) writeErr(`and ${old.length - SHOWN} more\n`);
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`give up ${counted(old.length, "dead letter")}? [y/N] `);
    return /^(y|yes)$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
