/** `swarm broadcast [TEXT] [--to A,B,group] [--except A]` */
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../domain/errors.ts";
import type { Hearing } from "../../library/hearing.ts";
import { countsJson, messageJson, type Sent } from "../../library/message-json.ts";
import { staggered } from "../../library/new-message.ts";
import { recipientsOf } from "../../library/recipients.ts";
import { sendMessages } from "../../library/send-messages.ts";
import { durationOption } from "../../library/send-values.ts";
import { readBody } from "../body.ts";
import { type Action, collected, type Define, textOption, textsOption } from "../command.ts";
import { table } from "../render.ts";
import { addSendOptions, parseSendOptions } from "../send-options.ts";
import { reportAll, tellResult } from "../sent-report.ts";
import type { Session } from "../session.ts";

export const defineBroadcast: Define = (definition, run) => {
  addSendOptions(
    definition
      .argument("[text]", "the message; -, or nothing: standard input")
      .option("--to <names>", "agents and groups, separated by commas (default: all)", collected)
      .option("--stagger <duration>", "so long between one agent and the next, for example 2s")
      .option("--except <names>", "agents and groups to leave out", collected),
  )
    .addHelpText("after", EXAMPLES)
    .action(run(broadcast));
};

const EXAMPLES = `
The messages are accepted together or not at all.

Examples:
  swarm broadcast "stop and write down where you are"
  swarm broadcast "fetch and rebase" --stagger 2s
  swarm broadcast --to builders,Agent-7 --except Agent-2 --file plan.md`;

const broadcast: Action = async (session, given) => {
  const [text] = given.args;
  const { config } = session.workspace();
  const { env } = session;
  const options = parseSendOptions(given, env);
  const agents = recipientsOf(textsOption(given, "to"), textsOption(given, "except"), config);
  const body = await readBody(session, { text, file: options.file, maxBytes: config.delivery.maxBytes });
  const stagger = textOption(given, "stagger");
  const staggerMs = stagger === undefined ? 0 : durationOption(stagger, "--stagger");
  const names = agents.map(({ name }) => name);
  const messages = staggered(names, body, options, staggerMs, env);
  const { isWaiting, timeoutMs } = options;
  const onAccepted = (sent: readonly Sent[], broadcastId: string | null) => {
    if (!isWaiting) tellQueued(session, config, sent, broadcastId);
  };
  const request = { messages, isBroadcast: true, isWaiting, timeoutMs, onAccepted };
  const send = (hearing: Hearing) => sendMessages({ config, env }, request, hearing);
  if (!isWaiting) {
    await send(session);
    return EXIT.done;
  }
  const { attended } = await import("../wait.ts");
  const ended = await attended(session, send);
  return reportAll(session, config, ended, { broadcast_id: ended.broadcastId });
};

function tellQueued(
  session: Session,
  config: Config,
  sent: readonly Sent[],
  broadcastId: string | null,
): void {
  tellResult(session, sent, () => {
    session.show(table(sent.map(({ message, state }) => [message.recipient, state.status, message.id])));
    session.json({
      broadcast_id: broadcastId,
      counts: countsJson(sent),
      messages: sent.map((one) => messageJson(one, config)),
    });
  });
}
