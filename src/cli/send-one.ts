/** One message to one agent, from its text to what became of it: `send` and `reply`. */
import type { Config } from "../config/config.ts";
import { EXIT, type ExitCode } from "../domain/errors.ts";
import type { Hearing } from "../library/hearing.ts";
import { messageJson, type Sent } from "../library/message-json.ts";
import { newMessage } from "../library/new-message.ts";
import { sendMessages } from "../library/send-messages.ts";
import { dayAndTime } from "./clock.ts";
import type { SendOptions } from "./send-options.ts";
import { reportOne, tellResult } from "./sent-report.ts";
import type { Session } from "./session.ts";

export interface Sending {
  readonly config: Config;
  /** An agent of the configuration. */
  readonly recipient: string;
  readonly body: string;
  readonly options: SendOptions;
  /** Called once the message is on disk. */
  readonly onAccepted?: () => void;
}

/** Throws SwarmError where nothing was accepted. */
export async function sendOne(session: Session, sending: Sending): Promise<ExitCode> {
  const { config, recipient, body, options } = sending;
  const { env } = session;
  const { isWaiting, timeoutMs } = options;
  const onAccepted = (sent: readonly Sent[]) => {
    session.besides("the answer is accepted, but not noted as one", () => sending.onAccepted?.());
    if (!isWaiting) tellQueued(session, config, sent);
  };
  const messages = [newMessage(recipient, body, options, env)];
  const request = { messages, isBroadcast: false, isWaiting, timeoutMs, onAccepted };
  const send = (hearing: Hearing) => sendMessages({ config, env }, request, hearing);
  if (!isWaiting) {
    await send(session);
    return EXIT.done;
  }
  const { attended } = await import("./wait.ts");
  return reportOne(session, config, await attended(session, send));
}

function tellQueued(session: Session, config: Config, sent: readonly Sent[]): void {
  tellResult(session, sent, () => {
    for (const one of sent) {
      session.say(`${one.message.id} ${one.state.status} for ${one.message.recipient}${timeOf(one)}`);
      session.json(messageJson(one, config));
    }
  });
}

/** When it is to come, while it waits for that. */
function timeOf({ message: { notBefore }, state }: Sent): string {
  return notBefore === null || state.status !== "queued" ? "" : `, at ${dayAndTime(notBefore)}`;
}
