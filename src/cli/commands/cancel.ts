/** `swarm cancel ID`, `swarm cancel --agent A --all` */
import { EXIT, type ExitCode } from "../../domain/errors.ts";
import { cancelForAgent, cancelMessage } from "../../library/cancel.ts";
import { usageError } from "../../library/failure.ts";
import { countsJson, messageJson } from "../../library/message-json.ts";
import { type Action, type Define, type Given, isGiven, textOption } from "../command.ts";
import { counted } from "../render.ts";
import type { Session } from "../session.ts";

export const defineCancel: Define = (definition, run) => {
  definition
    .argument("[id]", "the message")
    .option("--agent <agent>", "with --all: what waits for this agent")
    .option("--all", "all that waits, and is not on its way yet")
    .addHelpText("after", EXAMPLES)
    .action(run(cancel));
};

const EXAMPLES = `
Examples:
  swarm cancel msg_20260131_120000_0a1b2c3d
  swarm cancel --agent Agent-2 --all`;

const cancel: Action = (session, given) => {
  const [id] = given.args;
  const isAll = isGiven(given, "all") || textOption(given, "agent") !== undefined;
  if (isAll) return cancelAgents(session, given);
  if (id === undefined)
    throw usageError(
      "which message? no id is given",
      "swarm cancel ID, or: swarm cancel --agent Agent-2 --all",
    );
  const { config } = session.workspace();
  const { stored, isCancelled } = cancelMessage(id, config);
  session.json(messageJson(stored, config));
  if (isCancelled) {
    session.say(`${id} cancelled; ${stored.message.recipient} will not get it`);
    return EXIT.done;
  }
  const { status } = stored.state;
  const what = `${id} can't be cancelled: it is ${status}`;
  session.explain({
    what,
    hint: `only a message that still waits can be taken back; see swarm status ${id}`,
  });
  return EXIT.failed;
};

/** Both are asked for: a word too few must not take back everything. */
function cancelAgents(session: Session, given: Given): ExitCode {
  const name = textOption(given, "agent");
  if (name === undefined || !isGiven(given, "all") || given.args[0] !== undefined)
    throw usageError(
      "--agent and --all go together, and without an id; nothing was cancelled",
      `for example: swarm cancel --agent ${name ?? "Agent-2"} --all`,
    );
  const { config } = session.workspace();
  const cancelled = cancelForAgent(name, config);
  session.json({
    counts: countsJson(cancelled),
    messages: cancelled.map((stored) => messageJson(stored, config)),
  });
  session.say(
    `${counted(cancelled.length, "message")} cancelled; ${name} will not get ${cancelled.length === 1 ? "it" : "them"}`,
  );
  return EXIT.done;
}
