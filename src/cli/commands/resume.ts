/** `swarm resume [AGENT…]` */
import { ensureWorker } from "../../app/client.ts";
import { pausesOf, resumeAgents } from "../../app/pauses.ts";
import { EXIT } from "../../domain/errors.ts";
import { agentNamed } from "../../library/recipients.ts";
import type { Action, Define } from "../command.ts";

export const defineResume: Define = (definition, run) => {
  definition
    .argument("[agent...]", "whom (default: all that are paused)")
    .addHelpText("after", "\nExamples:\n  swarm resume Agent-2\n  swarm resume")
    .action(run(resume));
};

const resume: Action = async (session, { args }) => {
  const { config } = session.workspace();
  const names = args.flatMap((name) => (name === undefined ? [] : [agentNamed(name, config).name]));
  const { all, agents } = resumeAgents(config.root, names);
  const resumed = [...(all ? ["all agents"] : []), ...agents];
  if (resumed.length === 0)
    session.note(
      names.length === 0
        ? "nobody was paused"
        : `${names.join(", ")} ${names.length === 1 ? "was" : "were"} not paused`,
    );
  else session.say(`resumed: ${resumed.join(", ")}`);
  if (!all && pausesOf(config.root).all !== null)
    session.warn("all agents are still paused; go on with: swarm resume");
  session.json({ all, agents });
  if (resumed.length > 0) await ensureWorker(config.root);
  return EXIT.done;
};
