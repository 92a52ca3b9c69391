/** `swarm read ID` */
import { openOutbox } from "../../app/compose.ts";
import { markRead } from "../../app/read-marks.ts";
import { EXIT } from "../../domain/errors.ts";
import { messageWithId } from "../../library/find-message.ts";
import { messageJson } from "../../library/message-json.ts";
import type { Action, Define } from "../command.ts";
import { isTerminal } from "../output.ts";

export const defineRead: Define = (definition, run) => {
  definition
    .argument("<id>", "the message")
    .addHelpText(
      "after",
      "\nPrints the body to the last byte and nothing else. Where SWARM_AGENT is its\nrecipient, it is no longer unread.\n\nExample:\n  swarm read msg_20260131_120000_0a1b2c3d > task.md",
    )
    .action(run(read));
};

const read: Action = (session, { args: [id = ""] }) => {
  const { config } = session.workspace();
  const stored = messageWithId(id, openOutbox(config), config);
  const { body } = stored.message;
  // The prompt would stand behind the last word.
  session.show(isTerminal("stdout") && !body.endsWith("\n") ? `${body}\n` : body);
  session.json({ ...messageJson(stored, config), body });
  // Somebody else who looks at it has not read it for its agent.
  const { recipient } = stored.message;
  if (session.env["SWARM_AGENT"] === recipient)
    session.besides("it stays unread", () => markRead(config.root, recipient, [id]));
  return EXIT.done;
};
