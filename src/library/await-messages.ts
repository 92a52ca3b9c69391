/** Waits for what becomes of accepted messages. */
import { waitForEnd } from "../app/client.ts";
import type { Message } from "../domain/message.ts";
import { initialState, isFinished, type MessageState } from "../domain/status.ts";
import type { Outbox } from "../ports/store.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";
import type { Hearing } from "./hearing.ts";
import type { Sent } from "./message-json.ts";
import type { Place } from "./workspace.ts";

export interface Awaited {
  readonly messages: readonly Message[];
  readonly timeoutMs: number;
  /** Some may have ended before. */
  readonly mayHaveEnded: boolean;
}

export interface Ended {
  /** As far as is known: those for which the time was too short have not ended. */
  readonly sent: readonly Sent[];
  readonly isInterrupted: boolean;
}

/** The messages are accepted: whatever happens here, they stay so, and the answer says what is known. */
export async function awaitMessages(
  { config, env }: Place,
  outbox: Outbox,
  { messages, timeoutMs, mayHaveEnded }: Awaited,
  hearing: Hearing,
): Promise<Ended> {
  const { signal } = hearing;
  const states = new Map<string, MessageState>();
  hearing.onWaiting?.(messages);
  const onChange = (id: string, state: MessageState) => {
    states.set(id, state);
    hearing.onChange?.(id, state);
  };
  try {
    const ids = messages.map(({ id }) => id);
    const wait = { root: config.root, env, outbox, timeoutMs, mayHaveEnded, onChange };
    const ends = await waitForEnd(ids, { ...wait, ...(signal && { signal }) });
    for (const [id, state] of ends) states.set(id, state);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const count = messages.length === 1 ? "1 message" : `${messages.length} messages`;
    hearing.warn(`${count} accepted, but no worker could be reached: ${reasonOf(cause)}`);
  }
  const sent = messages.map((message) => ({
    message,
    state: states.get(message.id) ?? initialState(message.acceptedAt),
  }));
  const isInterrupted = signal?.aborted === true && sent.some(({ state }) => !isFinished(state.status));
  return { sent, isInterrupted };
}
