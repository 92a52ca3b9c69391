/** `swarm send AGENT [TEXT]` */
import type { ExitCode } from "../../domain/errors.ts";
import { usageError } from "../../library/failure.ts";
import { recipientNamed } from "../../library/recipients.ts";
import { readBody } from "../body.ts";
import { type Action, type Define, type Given, isGiven } from "../command.ts";
import { sendOne } from "../send-one.ts";
import { addSendOptions, parseSendOptions } from "../send-options.ts";
import type { Session } from "../session.ts";

export const defineSend: Define = (definition, run) => {
  addSendOptions(
    definition
      .argument("[agent]", "the recipient")
      .argument("[text]", "the message; -, or nothing: standard input")
      .option("--stdin-ndjson", "many messages: a JSON object per line in, one out"),
  )
    .addHelpText("after", EXAMPLES)
    .action(run(send));
};

const EXAMPLES = `
Examples:
  swarm send Agent-2 "please review the last commit"
  git diff | swarm send Agent-2 --priority urgent
  swarm send Agent-2 --raw "/clear" --no-wait
  jq -c '{recipient, body}' tasks.jsonl | swarm send --stdin-ndjson

Exit codes: 0 delivered (or queued, with --no-wait), 1 failed, 2 usage or
configuration, 3 unknown agent, 4 still queued after --timeout, 5 a person is
needed, 6 unconfirmed, 75 could not be stored, 130 interrupted`;

const send: Action = async (session, given) => {
  const [name, text] = given.args;
  if (isGiven(given, "stdinNdjson")) return sendMany(session, given);
  if (name === undefined)
    throw usageError("missing required argument 'agent'; nothing was queued", "see swarm send --help");
  const { config } = session.workspace();
  const options = parseSendOptions(given, session.env);
  const agent = recipientNamed(name, config);
  const body = await readBody(session, { text, file: options.file, maxBytes: config.delivery.maxBytes });
  return sendOne(session, { config, recipient: agent.name, body, options });
};

/** Options of the command line are for the lines that do not say otherwise. */
async function sendMany(session: Session, given: Given): Promise<ExitCode> {
  const options = parseSendOptions(given, session.env);
  if (given.args[0] !== undefined || options.file !== undefined)
    throw usageError(
      "--stdin-ndjson takes agents and texts from its lines; nothing was queued",
      'leave out the agent, the text and --file; a line is {"recipient":"Agent-2","body":"…"}',
    );
  const { loadSendStream } = await import("../more-commands.ts");
  const sendStream = await loadSendStream();
  return sendStream(session, session.workspace().config, options);
}
