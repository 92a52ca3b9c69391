/** `swarm ack ID` */
import { openOutbox } from "../../app/compose.ts";
import { markRead } from "../../app/read-marks.ts";
import { EXIT } from "../../domain/errors.ts";
import { messageWithId, unknownId } from "../../library/find-message.ts";
import { messageJson } from "../../library/message-json.ts";
import { parseSender } from "../../library/send-values.ts";
import { type Action, type Define, textOption } from "../command.ts";

export const defineAck: Define = (definition, run) => {
  definition
    .argument("<id>", "the message")
    .option("--from <name>", "who received it (default: SWARM_AGENT, then the login name)")
    .addHelpText("after", "\nExample:\n  swarm ack msg_20260131_120000_0a1b2c3d")
    .action(run(acknowledge));
};

const acknowledge: Action = (session, given) => {
  const [id = ""] = given.args;
  const { config } = session.workspace();
  const by = parseSender(textOption(given, "from"), session.env);
  const outbox = openOutbox(config);
  if (outbox.acknowledge(id, by) === "unknown") throw unknownId(id, outbox, config);
  const stored = messageWithId(id, outbox, config);
  session.besides("it stays unread", () => markRead(config.root, stored.message.recipient, [id]));
  session.say(`${id} acknowledged by ${by}`);
  session.json(messageJson(stored, config));
  return EXIT.done;
};
