/** Queues dead letters again, and waits for what becomes of them. */
import { openOutbox } from "../app/compose.ts";
import { isFinished } from "../domain/status.ts";
import type { DeadLetterSelection, Outbox, StoredMessage } from "../ports/store.ts";
import { awaitMessages, type Ended } from "./await-messages.ts";
import { usageError } from "./failure.ts";
import { messageWithId } from "./find-message.ts";
import type { Hearing } from "./hearing.ts";
import { recipientNamed } from "./recipients.ts";
import type { Place } from "./workspace.ts";

/** Throws SwarmError for an agent or id that is not there, and for a message that can't be retried. */
export async function retryFailed(
  place: Place,
  selection: DeadLetterSelection,
  timeoutMs: number,
  hearing: Hearing,
): Promise<Ended> {
  const { agent, id } = selection;
  if (agent !== undefined) recipientNamed(agent, place.config);
  const outbox = openOutbox(place.config);
  const named = id === undefined ? null : retriable(id, outbox, place, selection.isUnconfirmedIncluded);
  const ids = outbox.retryFailed(selection);
  // Where another was faster with a message that was named, its outcome is this one's too.
  const awaited = ids.length === 0 && named && !isFinished(named.state.status) ? [named.message.id] : ids;
  const messages = awaited.flatMap((retried) => outbox.find(retried)?.message ?? []);
  if (messages.length === 0) {
    if (named?.state.status === "delivered") hearing.note(`${named.message.id} is delivered already`);
    return { sent: [], isInterrupted: false };
  }
  return awaitMessages(place, outbox, { messages, timeoutMs, mayHaveEnded: named !== null }, hearing);
}

/** A message that was named must be one that can be retried; that it waits or has arrived meanwhile is no error. */
function retriable(
  id: string,
  outbox: Outbox,
  { config }: Place,
  isUnconfirmedIncluded: boolean,
): StoredMessage {
  const stored = messageWithId(id, outbox, config);
  const { status } = stored.state;
  switch (status) {
    case "failed":
    case "queued":
    case "delivering":
    case "delivered":
      return stored;
    case "unconfirmed":
      if (isUnconfirmedIncluded) return stored;
      throw usageError(
        `${id} is unconfirmed: it may have been submitted; nothing was queued`,
        "look at the agent first; to type it again, add --unconfirmed",
      );
    case "cancelled":
    case "expired":
      throw usageError(
        `${id} did not fail: it ${status === "expired" ? "expired" : "was cancelled"}; nothing was queued`,
        `send it anew; its text: swarm read ${id}`,
      );
    default:
      return status satisfies never;
  }
}
