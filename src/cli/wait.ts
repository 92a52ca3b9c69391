/** Waits with the person: progress on the terminal, Ctrl+C, and what became of each message. */
import { waitForEnd } from "../app/client.ts";
import type { Config } from "../config/config.ts";
import type { Message } from "../domain/message.ts";
import { initialState, isFinished, type MessageState } from "../domain/status.ts";
import type { Sent } from "../library/message-json.ts";
import type { Outbox } from "../ports/store.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";
import { Progress } from "./progress.ts";
import { counted } from "./render.ts";
import type { Session } from "./session.ts";

export interface WaitRequest {
  readonly session: Session;
  readonly config: Config;
  readonly outbox: Outbox;
  readonly messages: readonly Message[];
  readonly timeoutMs: number;
  /** Some may have ended before this command began. */
  readonly mayHaveEnded: boolean;
}

export interface Waited {
  readonly sent: readonly Sent[];
  readonly isInterrupted: boolean;
}

/** The messages are accepted: whatever happens here, they stay so, and the answer says what is known. */
export async function waitForMessages(request: WaitRequest): Promise<Waited> {
  const { session, config, outbox, messages, timeoutMs, mayHaveEnded } = request;
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const states = new Map<string, MessageState>();
  const progress = new Progress(session.isAnimated(), () => describe(messages, states));
  try {
    const ids = messages.map(({ id }) => id);
    const onChange = (id: string, state: MessageState) => void states.set(id, state);
    const { signal } = interrupt;
    const ends = await waitForEnd(ids, {
      root: config.root,
      outbox,
      timeoutMs,
      mayHaveEnded,
      signal,
      onChange,
    });
    for (const [id, state] of ends) states.set(id, state);
  } catch (cause) {
    progress.end();
    session.warn(
      `${counted(messages.length, "message")} accepted, but no worker could be reached: ${reasonOf(cause)}`,
    );
    if (!isSystemError(cause)) throw cause;
  } finally {
    progress.end();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  const sent = messages.map((message) => ({
    message,
    state: states.get(message.id) ?? initialState(message.acceptedAt),
  }));
  return {
    sent,
    isInterrupted: interrupt.signal.aborted && sent.some(({ state }) => !isFinished(state.status)),
  };
}

function describe(messages: readonly Message[], states: ReadonlyMap<string, MessageState>): string {
  const [first] = messages;
  if (messages.length === 1 && first) return describeOne(first, states.get(first.id));
  const ended = [...states.values()].filter(({ status }) => isFinished(status));
  const delivered = ended.filter(({ status }) => status === "delivered").length;
  const others = ended.length - delivered;
  return `${delivered} of ${messages.length} delivered${others > 0 ? `, ${others} not` : ""}; waiting for the rest`;
}

function describeOne({ recipient }: Message, state: MessageState | undefined): string {
  if (!state?.error) return `waiting for ${recipient}`;
  return `waiting for ${recipient}; attempt ${state.attempts}: ${state.error.message}`;
}
