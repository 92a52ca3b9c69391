/** One turn of a lane, from the claimed message, or messages, to the settled ones. */
import type { Agent } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import type { MessageEvent } from "../domain/events.ts";
import type { Message } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import { type MessageState, settleEvent } from "../domain/status.ts";
import type { DeliverySettings } from "../ports/settings.ts";
import type { Spool, StoredMessage } from "../ports/store.ts";
import type { Random } from "../ports/world.ts";
import { type AttemptDeps, makeAttempt } from "./attempt.ts";
import { EventRecorder } from "./event-recorder.ts";
import { type Member, type Recorder, recorderOf } from "./joined-recorder.ts";
import { recoveryOf } from "./recovery.ts";
import { settleSurely } from "./settle-surely.ts";

export interface TurnDeps extends AttemptDeps {
  readonly spool: Spool;
  readonly random: Random;
  /** Told when an attempt has ended, and with it perhaps the message. */
  readonly onSettled: (message: Message, state: MessageState) => void;
}

export interface ClaimedTurn {
  readonly kind: "deliver" | "resume";
  /** As they are after the claim, in the order in which they are typed; mostly it is one. */
  readonly first: StoredMessage;
  readonly others: readonly StoredMessage[];
  /** Undefined: it is not configured any more. */
  readonly agent: Agent | undefined;
  readonly settings: DeliverySettings;
  /** Aborted when the worker stops. */
  readonly stop: AbortSignal;
}

export type TurnEnd =
  /** By id. One that is not there is gone, or the worker stops: nothing more to do with it here. */
  | { readonly kind: "settled"; readonly states: ReadonlyMap<string, MessageState> }
  /** The composer may hold the text and can't be looked at now: `resume` again, not before `notBefore`. */
  | {
      readonly kind: "resume_later";
      readonly members: readonly StoredMessage[];
      readonly notBefore: number;
    };

const NOTHING: TurnEnd = { kind: "settled", states: new Map() };

/** Makes the attempt and settles what it ended with. Never rejects. */
export async function runTurn(deps: TurnDeps, turn: ClaimedTurn): Promise<TurnEnd> {
  const { agent, settings, stop } = turn;
  const member = (stored: StoredMessage) => ({ stored, recorder: new EventRecorder(deps.spool, stored) });
  const [first, others] = [member(turn.first), turn.others.map(member)];
  const members = [first, ...others] as const;
  if (turn.kind === "resume") {
    const ended = await settleUntouched(deps, turn, members);
    if (ended) return ended;
    shareProof(members);
  }
  const recorder = recorderOf(first, others);
  const messages = messagesOf(deps.spool, turn);
  const end: Outcome | { readonly kind: "cut_off" } = agent
    ? await makeAttempt(deps, { kind: turn.kind, members, messages, agent, settings, recorder, stop })
    : { kind: "rejected", error: agentRemoved(turn.first.message.recipient) };
  if (end.kind === "cut_off") return NOTHING;
  const now = deps.clock.now();
  if (end.kind === "handed_back" && (turn.kind === "resume" || isTyped(recorder.state)))
    return resumeLater(members, recorder, now, end.error, end.retryInMs ?? settings.retry.backoff.initialMs);
  const random = deps.random.next();
  const outcome = recorder.state.step === "submitted" ? ({ kind: "confirmed" } as const) : end;
  return settleAll(deps, members, stop, ({ stored, recorder: { state } }) =>
    settleEvent(state, outcomeFor(stored.message, outcome, members), now, settings.retry, random),
  );
}

/** Where the composer was not touched, or the agent has none any more, what the events say decides; null where they don't. */
async function settleUntouched(
  deps: TurnDeps,
  { agent, settings, stop }: ClaimedTurn,
  members: readonly Member[],
): Promise<TurnEnd | null> {
  const [now, random] = [deps.clock.now(), deps.random.next()];
  const events = new Map<string, MessageEvent>();
  for (const { stored } of members) {
    const recovery = recoveryOf(stored, agent, now, settings.retry, random);
    if (recovery.kind === "resume") return null;
    events.set(stored.message.id, recovery.event);
  }
  return settleAll(deps, members, stop, ({ stored }) => events.get(stored.message.id));
}

/** What proves the submit of one text proves that of all messages in it, also of those that a crash kept from having the line. */
function shareProof(members: readonly Member[]): void {
  const proof = members
    .flatMap(({ stored }) => stored.events.filter(({ type }) => type === "submitted").slice(-1))
    .at(-1);
  if (!proof || !members.some(({ recorder }) => recorder.state.step === "submitted")) return;
  for (const { recorder } of members) if (recorder.state.step === "typed") recorder.record(proof, true);
}

/** All whose text was typed, or is to be: some may have ended before a crash. */
function messagesOf(spool: Spool, { first, others }: ClaimedTurn): readonly Message[] {
  const members = [first, ...others].map(({ message }) => message);
  return first.state.joined.length === 0
    ? members
    : first.state.joined.flatMap(
        (id) => members.find((message) => message.id === id) ?? spool.find(id)?.message ?? [],
      );
}

function resumeLater(
  members: readonly Member[],
  recorder: Recorder,
  now: number,
  error: DeliveryError,
  retryInMs: number,
): TurnEnd {
  recorder.waits(now, error);
  const stored = members.map((member) => ({ ...member.stored, state: member.recorder.state }));
  return { kind: "resume_later", members: stored, notBefore: now + retryInMs };
}

/**
 * The same for each message of a turn, in its own words. One that was typed with others is not tried again while that text
 * still stands there: alone it could not tell what a person has submitted since.
 */
function outcomeFor(message: Message, outcome: Outcome, members: readonly Member[]): Outcome {
  const [first] = members;
  if (!first || members.length === 1 || outcome.kind === "confirmed") return outcome;
  const own = (error: DeliveryError): DeliveryError => ({
    ...error,
    message: error.message.replaceAll(first.stored.message.id, message.id),
    hint: error.hint.replaceAll(first.stored.message.id, message.id),
  });
  const isLeft = (outcome.kind === "deferred" || outcome.kind === "handed_back") && outcome.standing;
  return isLeft ? { kind: "unknown", error: own(isLeft) } : { ...outcome, error: own(outcome.error) };
}

async function settleAll(
  deps: TurnDeps,
  members: readonly Member[],
  stop: AbortSignal,
  eventOf: (member: Member) => MessageEvent | undefined,
): Promise<TurnEnd> {
  const states = new Map<string, MessageState>();
  for (const member of members) {
    const { message } = member.stored;
    const event = eventOf(member);
    const state = event ? await settleSurely(deps, member.recorder, message.id, event, stop) : null;
    if (state === null) continue;
    deps.onSettled(message, state);
    states.set(message.id, state);
  }
  return { kind: "settled", states };
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
