/** From messages to what became of them: the one way of `send`, `reply`, `broadcast`, and of programs. */
import { openOutbox } from "../app/compose.ts";
import { pausedAmong } from "../app/pauses.ts";
import { initialState } from "../domain/status.ts";
import type { NewMessage } from "../ports/store.ts";
import { accept } from "./accept.ts";
import { awaitMessages, type Ended } from "./await-messages.ts";
import { besides, type Hearing } from "./hearing.ts";
import type { Sent } from "./message-json.ts";
import { leadMs } from "./new-message.ts";
import { startDelivery } from "./start-delivery.ts";
import type { Place } from "./workspace.ts";

export interface Sending {
  readonly messages: readonly NewMessage[];
  readonly isBroadcast: boolean;
  /** False: they are queued, and their outcome is not waited for. */
  readonly isWaiting: boolean;
  /** From when the last one may be delivered. */
  readonly timeoutMs: number;
  /** They are on disk: nothing that comes after makes the call fail. With what is known of them then. */
  readonly onAccepted?: (sent: readonly Sent[], broadcastId: string | null) => void;
}

export interface SendingEnded extends Ended {
  /** Of the new ones, else of those that were queued before with the same key. */
  readonly broadcastId: string | null;
}

const MOST_NAMED = 5;

/** Throws SwarmError where nothing was accepted. */
export async function sendMessages(place: Place, sending: Sending, hearing: Hearing): Promise<SendingEnded> {
  const { isBroadcast, isWaiting, onAccepted } = sending;
  const timeoutMs = sending.timeoutMs + leadMs(sending.messages, Date.now());
  const outbox = openOutbox(place.config);
  const accepted = accept(outbox, sending.messages, isBroadcast);
  const duplicates = accepted.filter(({ isDuplicate }) => isDuplicate).map(({ message }) => message);
  const sent = accepted.map(({ message, isDuplicate }): Sent => {
    // What came of it then is no news for somebody who waits for it all the same.
    const known = isDuplicate && !isWaiting ? outbox.find(message.id)?.state : undefined;
    return { message, state: known ?? initialState(message.acceptedAt) };
  });
  const fresh = accepted.find(({ isDuplicate }) => !isDuplicate) ?? accepted[0];
  const broadcastId = fresh?.message.broadcastId ?? null;
  onAccepted?.(sent, broadcastId);
  const messages = sent.map(({ message }) => message);
  notePauses(
    place,
    messages.map(({ recipient }) => recipient),
    hearing,
  );
  const [first] = duplicates;
  if (first)
    hearing.note(
      isBroadcast
        ? `the key was used before for ${duplicates.length === 1 ? "1 agent" : `${duplicates.length} agents`}; these are the outcomes of then`
        : `the key was used before; this is the outcome of ${first.id}`,
    );
  if (!isWaiting) {
    await startDelivery(place, hearing);
    return { sent, isInterrupted: false, broadcastId };
  }
  const mayHaveEnded = duplicates.length > 0;
  const ended = await awaitMessages(place, outbox, { messages, timeoutMs, mayHaveEnded }, hearing);
  return { ...ended, broadcastId };
}

/** Whoever waits for the outcome should know that it will not come by itself. */
function notePauses({ config }: Place, recipients: readonly string[], hearing: Hearing): void {
  besides(hearing, "it can't be told who is paused", () => {
    const paused = pausedAmong(config.root, recipients);
    if (paused.length === 0) return;
    const whom = paused.length > MOST_NAMED ? `${paused.length} agents` : paused.join(", ");
    hearing.note(`paused: ${whom}; messages wait until: swarm resume`);
  });
}
