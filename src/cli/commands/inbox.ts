/** `swarm inbox [AGENT]` */
import { openOutbox } from "../../app/compose.ts";
import { readInbox } from "../../app/read-inbox.ts";
import { forgetOldMarks, markRead } from "../../app/read-marks.ts";
import type { Config } from "../../config/config.ts";
import { EXIT, type ExitCode } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { type Inbox, inboxJson, inboxOf } from "../../library/inbox.ts";
import { type Action, type Define, isGiven } from "../command.ts";
import { injectText, MOST_INJECTED } from "../inject-text.ts";
import { terminalWidth, writeOut } from "../output.ts";
import { counted, length, oneLine, shortened, table, tableWidth } from "../render.ts";
import type { Session } from "../session.ts";

export const defineInbox: Define = (definition, run) => {
  definition
    .argument("[agent]", "whose inbox (default: SWARM_AGENT)")
    .option("--unread", "only what its agent has not read, acknowledged or answered")
    .option("--inject", "for hooks: print unread messages in full, once; else nothing")
    .addHelpText("after", EXAMPLES)
    .action(run(inbox));
};

const EXAMPLES = `
Examples:
  swarm inbox Agent-2 --unread
  swarm read "$(swarm inbox Agent-2 --json | jq -r '.messages[0].id')"
  swarm inbox --unread --inject || true     (in a hook, with SWARM_AGENT set)`;

/** Shown on a screen; --json has all. */
const SHOWN = 20;

const inbox: Action = (session, given) => {
  const [name = session.env["SWARM_AGENT"]] = given.args;
  const isInjecting = isGiven(given, "inject");
  // A hook that is set up for all agents also runs for those that swarm does not know.
  if (isInjecting && !name) return EXIT.done;
  const { config } = session.workspace();
  if (!name) throw nobodyNamed(config);
  const isUnreadOnly = isInjecting || isGiven(given, "unread");
  const inbox = inboxOf(name, config, isUnreadOnly);
  return isInjecting ? inject(session, config, inbox) : list(session, inbox, isUnreadOnly);
};

async function list(session: Session, inbox: Inbox, isUnreadOnly: boolean): Promise<ExitCode> {
  const { agent, entries } = inbox;
  session.json(inboxJson(inbox));
  const paint = await session.paint();
  const now = Date.now();
  const shown = entries.slice(0, SHOWN);
  const facts = shown.map((entry) => [
    { text: entry.id, paint: entry.isUnread ? paint.strong : paint.faint },
    { text: `${length(Math.max(0, now - entry.acceptedAt))} ago`, isRight: true },
    { text: shortened(oneLine(entry.sender), 16) },
    { text: entry.isUnread ? "unread" : "read", paint: paint.faint },
    { text: entry.priority === "normal" ? "" : entry.priority, paint: paint.warn },
  ]);
  const room = Math.max(10, terminalWidth() - tableWidth(facts) - 2);
  session.show(table(facts.map((row, at) => [...row, shortened(oneLine(shown[at]?.firstLine ?? ""), room)])));
  const more = entries.length - shown.length;
  if (more > 0) session.note(`and ${counted(more, "older message")}`);
  if (entries.length === 0)
    session.note(
      isUnreadOnly ? `nothing is unread for ${agent.name}` : `the inbox of ${agent.name} is empty`,
    );
  return EXIT.done;
}

/**
 * Prints the oldest unread messages, and then counts them as read: the other way round, one that a hook lost would never
 * be seen. What is typed in front of an agent needs no hook: it would come twice.
 */
function inject(session: Session, config: Config, { agent, entries: unread }: Inbox): ExitCode {
  if (agent.transport !== "inbox" || unread.length === 0) return EXIT.done;
  const outbox = openOutbox(config);
  const oldest = unread.slice(-MOST_INJECTED).toReversed();
  const messages = oldest.map((entry) => ({ entry, body: outbox.find(entry.id)?.message.body ?? null }));
  const text = injectText(messages, unread.length - oldest.length, config.delivery.inlineLimit);
  if (session.flags.json) session.json({ agent: agent.name, text });
  else writeOut(text);
  markRead(
    config.root,
    agent.name,
    oldest.map(({ id }) => id),
  );
  forgetOldMarks(config.root, agent.name, new Set(readInbox(config.root, agent.name).map(({ id }) => id)));
  return EXIT.done;
}

function nobodyNamed(config: Config) {
  const [some] = config.agents.keys();
  return usageError(
    "whose inbox? neither an agent nor SWARM_AGENT is given",
    `name one: swarm inbox ${some ?? "Agent-1"}`,
  );
}
