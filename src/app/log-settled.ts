import { dueAt, type Message } from "../domain/message.ts";
import type { MessageState } from "../domain/status.ts";
import type { Log } from "../ports/log.ts";

/** One line for an attempt that ended, and with it perhaps the message. Says why, and nothing of the body. */
export function logSettled(log: Log, message: Message, state: MessageState): void {
  const { status, attempts, error, finishedAt, nextAttemptAt } = state;
  log.write(status === "queued" ? "put_off" : status, {
    id: message.id,
    recipient: message.recipient,
    attempts,
    ...(finishedAt !== null && { ms: finishedAt - dueAt(message) }),
    ...(nextAttemptAt !== null && { next: new Date(nextAttemptAt).toISOString() }),
    ...(error && { code: error.code, reason: error.message }),
  });
}
