/** `swarm inbox [AGENT]` */
import { type InboxEntry, readInbox } from "../../app/read-inbox.ts";
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Action, Define } from "../command.ts";
import { usageError } from "../failure.ts";
import { iso } from "../message-json.ts";
import { terminalWidth } from "../output.ts";
import { agentNamed } from "../recipients.ts";
import { counted, length, oneLine, shortened, table, tableWidth } from "../render.ts";
import type { Session } from "../session.ts";

export const defineInbox: Define = (definition, run) => {
  definition
    .argument("[agent]", "whose inbox (default: SWARM_AGENT)")
    .addHelpText("after", EXAMPLES)
    .action(run(inbox));
};

const EXAMPLES = `
Examples:
  swarm inbox Agent-2
  swarm read "$(swarm inbox Agent-2 --json | jq -r '.messages[0].id')"`;

/** Shown on a screen; --json has all. */
const SHOWN = 20;

const inbox: Action = async (session, { args: [given] }) => {
  const { config } = session.workspace();
  const name = given ?? defaultAgent(session, config);
  const agent = agentNamed(name, config);
  const entries = readInbox(config.root, agent.name);
  session.json({ agent: agent.name, messages: entries.map(entryJson) });
  const paint = await session.paint();
  const columns = terminalWidth();
  const now = Date.now();
  const shown = entries.slice(0, SHOWN);
  const facts = shown.map((entry) => [
    { text: entry.id },
    { text: `${length(Math.max(0, now - entry.acceptedAt))} ago`, isRight: true },
    { text: shortened(oneLine(entry.sender), 16) },
    { text: entry.priority === "normal" ? "" : entry.priority, paint: paint.warn },
  ]);
  const room = Math.max(10, columns - tableWidth(facts) - 2);
  session.show(table(facts.map((row, at) => [...row, shortened(oneLine(shown[at]?.firstLine ?? ""), room)])));
  const more = entries.length - shown.length;
  if (more > 0) session.note(`and ${counted(more, "older message")}`);
  if (entries.length === 0) session.note(`the inbox of ${agent.name} is empty`);
  return EXIT.done;
};

function defaultAgent({ env }: Session, config: Config): string {
  const own = env["SWARM_AGENT"];
  if (own) return own;
  const [some] = config.agents.keys();
  throw usageError(
    "whose inbox? neither an agent nor SWARM_AGENT is given",
    `name one: swarm inbox ${some ?? "Agent-1"}`,
  );
}

function entryJson({ id, sender, priority, acceptedAt, file, firstLine }: InboxEntry) {
  return { id, sender, priority, accepted_at: iso(acceptedAt), inbox_file: file, first_line: firstLine };
}
