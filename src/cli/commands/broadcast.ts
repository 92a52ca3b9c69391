/** `swarm broadcast [TEXT] [--to A,B,group] [--except A]` */
import { openOutbox } from "../../app/compose.ts";
import { initialState } from "../../domain/status.ts";
import { accept } from "../../library/accept.ts";
import { countsJson, messageJson, type Sent } from "../../library/message-json.ts";
import { newMessage } from "../../library/new-message.ts";
import { recipientsOf } from "../../library/recipients.ts";
import { readBody } from "../body.ts";
import { type Action, collected, type Define, textsOption } from "../command.ts";
import { counted, table } from "../render.ts";
import { notePauses, startDelivery } from "../send-one.ts";
import { addSendOptions, parseSendOptions } from "../send-options.ts";
import { reportAll, tellResult } from "../sent-report.ts";

export const defineBroadcast: Define = (definition, run) => {
  addSendOptions(
    definition
      .argument("[text]", "the message; -, or nothing: standard input")
      .option("--to <names>", "agents and groups, separated by commas (default: all)", collected)
      .option("--except <names>", "agents and groups to leave out", collected),
  )
    .addHelpText("after", EXAMPLES)
    .action(run(broadcast));
};

const EXAMPLES = `
The messages are accepted together or not at all.

Examples:
  swarm broadcast "stop and write down where you are"
  swarm broadcast --to builders,Agent-7 --except Agent-2 --file plan.md`;

const broadcast: Action = async (session, given) => {
  const [text] = given.args;
  const { config } = session.workspace();
  const options = parseSendOptions(given, session.env);
  const agents = recipientsOf(textsOption(given, "to"), textsOption(given, "except"), config);
  const body = await readBody(session, { text, file: options.file, maxBytes: config.delivery.maxBytes });
  const outbox = openOutbox(config);
  const asked = agents.map(({ name }) => newMessage(name, body, options, session.env));
  const accepted = accept(outbox, asked, true);
  const messages = accepted.map(({ message }) => message);
  notePauses(
    session,
    config.root,
    agents.map(({ name }) => name),
  );
  const duplicates = accepted.filter(({ isDuplicate }) => isDuplicate);
  if (duplicates.length > 0)
    session.note(
      `the key was used before for ${counted(duplicates.length, "agent")}; these are the outcomes of then`,
    );
  const broadcast_id =
    (accepted.find(({ isDuplicate }) => !isDuplicate) ?? accepted[0])?.message.broadcastId ?? null;
  if (!options.isWaiting) {
    const sent = accepted.map(({ message, isDuplicate }): Sent => {
      const state = isDuplicate ? outbox.find(message.id)?.state : undefined;
      return { message, state: state ?? initialState(message.acceptedAt) };
    });
    tellResult(session, sent, () => {
      session.show(table(sent.map(({ message, state }) => [message.recipient, state.status, message.id])));
      session.json({
        broadcast_id,
        counts: countsJson(sent),
        messages: sent.map((one) => messageJson(one, config)),
      });
    });
    return startDelivery(session, config.root);
  }
  const { waitForMessages } = await import("../wait.ts");
  const { timeoutMs } = options;
  const mayHaveEnded = duplicates.length > 0;
  const waited = await waitForMessages({ session, config, outbox, messages, timeoutMs, mayHaveEnded });
  return reportAll(session, config, waited, { broadcast_id });
};
