/** `swarm send AGENT [TEXT]` */
import { ensureWorker } from "../../app/client.ts";
import { openOutbox } from "../../app/compose.ts";
import { EXIT, type ExitCode } from "../../domain/errors.ts";
import { initialState } from "../../domain/status.ts";
import { reasonOf } from "../../support/reason-of.ts";
import { isSystemError } from "../../support/system-error.ts";
import { accept } from "../accept.ts";
import { readBody } from "../body.ts";
import type { Action, Define } from "../command.ts";
import { messageJson } from "../message-json.ts";
import { agentNamed } from "../recipients.ts";
import { addSendOptions, parseSendOptions, type SendOptions } from "../send-options.ts";
import { reportOne, tellResult } from "../sent-report.ts";
import type { Session } from "../session.ts";

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
  const body = await readBody({ text, file: options.file, maxBytes: config.delivery.maxBytes });
  if (body.removed > 0) session.warn(removedText(body.removed));
  const outbox = openOutbox(config);
  const [first] = accept(outbox, [newMessage(agent.name, body.body, options, session.env)], false);
  if (!first) throw new Error("one message was asked for and none accepted");
  const { message, isDuplicate } = first;
  if (isDuplicate) session.note(`the key was used before; this is the outcome of ${message.id}`);
  if (!options.isWaiting) {
    const state = isDuplicate ? outbox.find(message.id)?.state : undefined;
    const sent = { message, state: state ?? initialState(message.acceptedAt) };
    tellResult(session, [sent], () => {
      session.say(`${message.id} ${sent.state.status} for ${agent.name}`);
      session.json(messageJson(sent, config));
    });
    return startDelivery(session, config.root);
  }
  const { waitForMessages } = await import("../wait.ts");
  const { timeoutMs } = options;
  const waited = await waitForMessages({
    session,
    config,
    outbox,
    messages: [message],
    timeoutMs,
    mayHaveEnded: isDuplicate,
  });
  return reportOne(session, config, waited);
};

/** What the store is to accept for one recipient. */
export function newMessage(recipient: string, body: string, options: SendOptions, env: NodeJS.ProcessEnv) {
  const { sender, priority, key, raw, expiresMs } = options;
  return {
    recipient,
    sender,
    priority,
    body,
    key,
    raw,
    display: env["DISPLAY"] || null,
    expiresAt: expiresMs === null ? null : Date.now() + expiresMs,
  };
}

export function removedText(removed: number): string {
  return removed === 1
    ? "1 control character or sequence was removed from the text"
    : `${removed} control characters and sequences were removed from the text`;
}

/** The messages are accepted, so this can fail only by a word on standard error. */
export async function startDelivery(session: Session, root: string): Promise<ExitCode> {
  try {
    await ensureWorker(root);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    session.warn(
      `it is queued, but no worker could be started: ${reasonOf(cause)}; to deliver: swarm worker --drain`,
    );
  }
  return EXIT.done;
}
