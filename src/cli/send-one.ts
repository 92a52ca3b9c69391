/** One message to one agent, from its text to what became of it: `send` and `reply`. */
import { ensureWorker } from "../app/client.ts";
import { openOutbox } from "../app/compose.ts";
import { pausedAmong } from "../app/pauses.ts";
import type { Config } from "../config/config.ts";
import { EXIT, type ExitCode } from "../domain/errors.ts";
import { initialState } from "../domain/status.ts";
import { accept } from "../library/accept.ts";
import { messageJson } from "../library/message-json.ts";
import { newMessage } from "../library/new-message.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";
import type { SendOptions } from "./send-options.ts";
import { reportOne, tellResult } from "./sent-report.ts";
import type { Session } from "./session.ts";

const MOST_NAMED = 5;

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
  const { config, recipient, body, options, onAccepted } = sending;
  const outbox = openOutbox(config);
  const [first] = accept(outbox, [newMessage(recipient, body, options, session.env)], false);
  if (!first) throw new Error("one message was asked for and none accepted");
  const { message, isDuplicate } = first;
  session.besides("the answer is accepted, but not noted as one", () => onAccepted?.());
  notePauses(session, config.root, [recipient]);
  if (isDuplicate) session.note(`the key was used before; this is the outcome of ${message.id}`);
  if (!options.isWaiting) {
    const state = isDuplicate ? outbox.find(message.id)?.state : undefined;
    const sent = { message, state: state ?? initialState(message.acceptedAt) };
    tellResult(session, [sent], () => {
      session.say(`${message.id} ${sent.state.status} for ${recipient}`);
      session.json(messageJson(sent, config));
    });
    return startDelivery(session, config.root);
  }
  const { waitForMessages } = await import("./wait.ts");
  const { timeoutMs } = options;
  const mayHaveEnded = isDuplicate;
  const waited = await waitForMessages({
    session,
    config,
    outbox,
    messages: [message],
    timeoutMs,
    mayHaveEnded,
  });
  return reportOne(session, config, waited);
}

/** Whoever waits for the outcome should know that it will not come by itself. */
export function notePauses(session: Session, root: string, recipients: readonly string[]): void {
  session.besides("it can't be told who is paused", () => {
    const paused = pausedAmong(root, recipients);
    if (paused.length === 0) return;
    const whom = paused.length > MOST_NAMED ? `${paused.length} agents` : paused.join(", ");
    session.note(`paused: ${whom}; messages wait until: swarm resume`);
  });
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
