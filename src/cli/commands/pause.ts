/** `swarm pause [AGENT…]` */
import { pauseAgents } from "../../app/pauses.ts";
import { EXIT } from "../../domain/errors.ts";
import { agentNamed } from "../../library/recipients.ts";
import { parseSender } from "../../library/send-values.ts";
import { type Action, type Define, textOption } from "../command.ts";

export const definePause: Define = (definition, run) => {
  definition
    .argument("[agent...]", "whom (default: all, also those that come)")
    .option("--from <name>", "who pauses (default: SWARM_AGENT, then the login name)")
    .addHelpText("after", EXAMPLES)
    .action(run(pause));
};

const EXAMPLES = `
Messages are accepted and wait; what is on its way already is finished.
They are delivered in order after: swarm resume

Examples:
  swarm pause Agent-2 Agent-3
  swarm pause`;

const pause: Action = (session, given) => {
  const { config } = session.workspace();
  const by = parseSender(textOption(given, "from"), session.env);
  const names = given.args.flatMap((name) => (name === undefined ? [] : [agentNamed(name, config).name]));
  pauseAgents(config.root, names, by);
  const whom = names.length === 0 ? "all agents" : names.join(", ");
  session.say(`paused: ${whom}; go on with: swarm resume${names.length === 0 ? "" : ` ${names.join(" ")}`}`);
  session.json({ all: names.length === 0, agents: names });
  return EXIT.done;
};
