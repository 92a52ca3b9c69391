/** One turn of a lane, from the claimed message to the settled one. */
import type { Agent } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { Message } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import { type MessageState, settleEvent } from "../domain/status.ts";
import type { DeliverySettings } from "../ports/settings.ts";
import type { Spool, StoredMessage } from "../ports/store.ts";
import type { Random } from "../ports/world.ts";
import { type AttemptDeps, makeAttempt } from "./attempt.ts";
import { EventRecorder } from "./event-recorder.ts";
import { settleSurely } from "./settle-surely.ts";

export interface TurnDeps extends AttemptDeps {
  readonly spool: Spool;
  readonly random: Random;
  /** Told when an attempt has ended, and with it perhaps the message. */
  readonly onSettled: (message: Message, state: MessageState) => void;
}

export interface ClaimedTurn {
  readonly kind: "deliver" | "resume";
  /** As it is after the claim. */
  readonly stored: StoredMessage;
  /** Undefined: it is not configured any more. */
  readonly agent: Agent | undefined;
  readonly settings: DeliverySettings;
  /** Aborted when the worker stops. */
  readonly stop: AbortSignal;
}

export type TurnEnd =
  | { readonly kind: "settled"; readonly state: MessageState }
  /** The composer may hold the text and can't be looked at now: `resume` again, not before `notBefore`. */
  | { readonly kind: "resume_later"; readonly stored: StoredMessage; readonly notBefore: number }
  /** The worker stops, or the message is gone: nothing more to do with it here. */
  | { readonly kind: "left" };

/** Makes the attempt and settles what it ended with. Never rejects. */
export async function runTurn(deps: TurnDeps, turn: ClaimedTurn): Promise<TurnEnd> {
  const { stored, agent, settings, stop } = turn;
  const recorder = new EventRecorder(deps.spool, stored);
  const end: Outcome | { readonly kind: "cut_off" } = agent
    ? await makeAttempt(deps, { kind: turn.kind, stored, agent, settings, recorder, stop })
    : { kind: "rejected", error: agentRemoved(stored.message.recipient) };
  if (end.kind === "cut_off") return { kind: "left" };
  const { state } = recorder;
  const now = deps.clock.now();
  if (end.kind === "handed_back" && (turn.kind === "resume" || isTyped(state))) {
    const notBefore = now + (end.retryInMs ?? settings.retry.backoff.initialMs);
    recorder.waits(now, end.error);
    return { kind: "resume_later", stored: { ...stored, state: recorder.state }, notBefore };
  }
  const outcome: Outcome = state.step === "submitted" ? { kind: "confirmed" } : end;
  const event = settleEvent(state, outcome, now, settings.retry, deps.random.next());
  const settled = await settleSurely(deps, recorder, stored.message.id, event, stop);
  if (settled === null) return { kind: "left" };
  deps.onSettled(stored.message, settled);
  return { kind: "settled", state: settled };
}

function isTyped(state: MessageState): boolean {
  return state.step === "typed" || state.step === "submitted";
}

function agentRemoved(name: string): DeliveryError {
  return {
    code: "agent_removed",
    message: `the agent ${name} was removed from the configuration after the message was accepted`,
    hint: `add ${name} to swarm.json again; then: swarm retry-failed --agent ${name}`,
  };
}
