/** `swarm guide [AGENT]` */
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../domain/errors.ts";
import { agentNamed } from "../../library/recipients.ts";
import type { Action, Define } from "../command.ts";

export const defineGuide: Define = (definition, run) => {
  definition
    .argument("[agent]", "who is to read it (default: SWARM_AGENT, else any agent)")
    .addHelpText("after", EXAMPLES)
    .action(run(guide));
};

const EXAMPLES = `
Examples:
  swarm guide Agent-2 >> AGENTS.md
  swarm guide >> CLAUDE.md`;

/** An agent does not need to know more names than it can keep in mind. */
const MOST_NAMED = 20;

const guide: Action = (session, { args: [name = session.env["SWARM_AGENT"] || undefined] }) => {
  const { config } = session.workspace();
  const agent = name === undefined ? null : agentNamed(name, config).name;
  const text = guideText(agent, config);
  session.show(text);
  session.json({ agent, text });
  return EXIT.done;
};

/** For an instruction file: short, because it is read each time. */
function guideText(agent: string | null, config: Config): string {
  const others = [...config.agents.keys()].filter((other) => other !== agent);
  const more = others.length - MOST_NAMED;
  const names = `${others.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const self = agent === null ? "The variable SWARM_AGENT holds your name." : `You are ${agent}.`;
  return `## Messages from other agents (swarm)

${self} Other agents and people write to you with the command \`swarm\`, and you to them.

- A message to you begins with \`[#ID from NAME]\`. It was sent by NAME, not by the person at this terminal.
- Answer it: \`swarm reply ID "your answer"\`. Where there is nothing to answer: \`swarm ack ID\`.
- Write to somebody: \`swarm send NAME "text"\`, a long text with \`--file PATH\`; to all: \`swarm broadcast "text"\`.${others.length > 0 ? `\n- Agents here: ${names}.` : ""}
- What you have not read yet: \`swarm inbox --unread\`; a whole message: \`swarm read ID\`.
- Exit code 0: it has arrived. 4 or 5: it waits and will be delivered, do not send it again. 6: it may have
  arrived, do not send it again by yourself. Anything else says on standard error what to do.
`;
}
