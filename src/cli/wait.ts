/** Waits with the person: progress on the terminal, and Ctrl+C, which ends the waiting and not the messages. */
import type { Message } from "../domain/message.ts";
import { isFinished, type MessageState } from "../domain/status.ts";
import type { Hearing } from "../library/hearing.ts";
import { Progress } from "./progress.ts";
import type { Session } from "./session.ts";

/** Gives what `wait` gives, which hears by the session. */
export async function attended<T>(session: Session, wait: (hearing: Hearing) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  let messages: readonly Message[] = [];
  const states = new Map<string, MessageState>();
  const progress = new Progress(session.isAnimated(), () => describe(messages, states));
  try {
    return await wait({
      note: (text) => session.note(text),
      warn(text) {
        progress.end();
        session.warn(text);
      },
      signal: interrupt.signal,
      onWaiting(awaited) {
        messages = awaited;
      },
      onChange: (id, state) => void states.set(id, state),
    });
  } finally {
    progress.end();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
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
