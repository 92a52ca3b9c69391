/** `swarm reply ID [TEXT]` */
import { openOutbox } from "../../app/compose.ts";
import { markRead } from "../../app/read-marks.ts";
import type { Config } from "../../config/config.ts";
import { EXIT, SwarmError } from "../../domain/errors.ts";
import type { Message } from "../../domain/message.ts";
import { messageWithId } from "../../library/find-message.ts";
import { readBody } from "../body.ts";
import type { Action, Define } from "../command.ts";
import { sendOne } from "../send-one.ts";
import { addSendOptions, parseSendOptions } from "../send-options.ts";

export const defineReply: Define = (definition, run) => {
  addSendOptions(
    definition
      .argument("<id>", "the message to answer")
      .argument("[text]", "the answer; -, or nothing: standard input"),
  )
    .addHelpText("after", EXAMPLES)
    .action(run(reply));
};

const EXAMPLES = `
The answer goes to the agent that sent the message, names the message, and
acknowledges it.

Examples:
  swarm reply msg_20260131_120000_0a1b2c3d "done, see the last commit"
  swarm reply msg_20260131_120000_0a1b2c3d --file report.md`;

const reply: Action = async (session, given) => {
  const [id = "", text] = given.args;
  const { config } = session.workspace();
  const outbox = openOutbox(config);
  const { message } = messageWithId(id, outbox, config);
  const options = parseSendOptions(given, {
    ...session.env,
    SWARM_AGENT: session.env["SWARM_AGENT"] || message.recipient,
  });
  const recipient = senderAsAgent(message, config);
  const answer = await readBody(session, { text, file: options.file, maxBytes: config.delivery.maxBytes });
  const body = options.raw ? answer : `Re #${message.id}: ${answer}`;
  const onAccepted = () => {
    outbox.acknowledge(message.id, options.sender);
    markRead(config.root, message.recipient, [message.id]);
  };
  return sendOne(session, { config, recipient, body, options, onAccepted });
};

function senderAsAgent({ id, sender }: Message, config: Config): string {
  if (config.agents.has(sender)) return sender;
  throw new SwarmError(
    EXIT.unknownName,
    `${id} was sent by ${sender}, which is no agent in ${config.root}; nothing was queued`,
    `say that you received it: swarm ack ${id}; to answer somebody else: swarm send AGENT "…"`,
  );
}
