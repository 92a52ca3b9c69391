/** `swarm send AGENT [TEXT]` */
import { readBody } from "../body.ts";
import type { Action, Define } from "../command.ts";
import { agentNamed } from "../recipients.ts";
import { sendOne } from "../send-one.ts";
import { addSendOptions, parseSendOptions } from "../send-options.ts";

export const defineSend: Define = (definition, run) => {
  addSendOptions(
    definition
      .argument("<agent>", "the recipient")
      .argument("[text]", "the message; -, or nothing: standard input"),
  )
    .addHelpText("after", EXAMPLES)
    .action(run(send));
};

const EXAMPLES = `
Examples:
  swarm send Agent-2 "please review the last commit"
  git diff | swarm send Agent-2 --priority urgent
  swarm send Agent-2 --raw "/clear" --no-wait

Exit codes: 0 delivered (or queued, with --no-wait), 1 failed, 2 usage or
configuration, 3 unknown agent, 4 still queued after --timeout, 5 a person is
needed, 6 unconfirmed, 75 could not be stored, 130 interrupted`;

const send: Action = async (session, given) => {
  const [name = "", text] = given.args;
  const { config } = session.workspace();
  const options = parseSendOptions(given, session.env);
  const agent = agentNamed(name, config);
  const body = await readBody(session, { text, file: options.file, maxBytes: config.delivery.maxBytes });
  return sendOne(session, { config, recipient: agent.name, body, options });
};
