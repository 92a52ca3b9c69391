/**
 * One attempt: the inbox file, then the transport, under one deadline. However the transport behaves, it ends in an
 * outcome; what it recorded decides which one when it throws or hangs: before `typed` nothing was submitted, after
 * `typed` nobody knows, after `submitted` it is proven.
 */
import type { Agent, TransportName } from "../domain/agent.ts";
import type { DeliveryError } from "../domain/errors.ts";
import { joinedText, type Message, pointerLine } from "../domain/message.ts";
import { leftStanding, type Outcome } from "../domain/outcome.ts";
import type { MessageState } from "../domain/status.ts";
import type { Log } from "../ports/log.ts";
import type { DeliverySettings } from "../ports/settings.ts";
import type { Attempt, Transports } from "../ports/transport.ts";
import type { Clock } from "../ports/world.ts";
import { reasonOf } from "../support/reason-of.ts";
import type { Drafts } from "./drafts.ts";
import { NotRecordedError } from "./event-recorder.ts";
import { inboxFilePath, writeInboxFile } from "./inbox-file.ts";
import type { Member, Recorder } from "./joined-recorder.ts";
import type { RecentTexts } from "./recent-texts.ts";

export interface AttemptDeps {
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly transports: Transports;
  readonly drafts: Drafts;
  readonly recentTexts: RecentTexts;
}

export interface AttemptPlan {
  readonly kind: "deliver" | "resume";
  /** Those that end with it; the first is in front of the others. Mostly it is one. */
  readonly members: readonly [Member, ...Member[]];
  /** All in the text, in order: the members, and what ended before a crash. */
  readonly messages: readonly Message[];
  readonly agent: Agent;
  readonly settings: DeliverySettings;
  /** Of all members. */
  readonly recorder: Recorder;
  /** Aborted when the worker stops. */
  readonly stop: AbortSignal;
}

/** `cut_off`: the worker stops and the transport reached no safe point in time; recovery decides at the next start. */
export type AttemptEnd = Outcome | { readonly kind: "cut_off" };

/** From the hard deadline, or the worker's stop, to giving the transport up, in milliseconds. */
const GRACE_MS = 5000;
/** In attempt timeouts: the wait for the desktop, the way to Enter, the proof after it, and putting all back. */
const HARD_DEADLINE = 4;

/** Makes the attempt. Never rejects. */
export async function makeAttempt(deps: AttemptDeps, plan: AttemptPlan): Promise<AttemptEnd> {
  const { members, agent, recorder } = plan;
  try {
    for (const { stored, recorder: own } of members) {
      if (own.state.evidence.includes("inbox_file")) continue;
      const write = writeInboxFile(deps.root, stored.message);
      if (!write.ok) return byStep(stored.message, recorder.state, write.error);
      own.record({ type: "inbox_file", at: deps.clock.now(), file: write.file }, false);
    }
    if (plan.kind === "deliver" && members.length > 1) {
      const ids = members.map(({ stored }) => stored.message.id);
      recorder.record({ type: "joined", at: deps.clock.now(), ids }, false);
    }
    const outcome = await runTransport(deps, plan);
    if (outcome.kind !== "confirmed" || isProven(agent.transport, recorder.state)) return outcome;
    throw new Error(`the ${agent.transport} transport confirmed without evidence`);
  } catch (error) {
    return outcomeOfThrow(deps, plan, error);
  } finally {
    recorder.close();
  }
}

function isProven(transport: TransportName, { evidence }: MessageState): boolean {
  return transport === "inbox" || (evidence.includes("typed") && evidence.includes("submitted"));
}

async function runTransport(deps: AttemptDeps, plan: AttemptPlan): Promise<AttemptEnd> {
  const { clock, transports } = deps;
  const abort = new AbortController();
  const attempt = attemptOf(deps, plan, abort.signal);
  const transport = transports.get(plan.agent.transport);
  const running = transport[plan.kind](attempt);
  running.catch(() => undefined); // when it was given up, nobody listens any more
  return new Promise<AttemptEnd>((resolve, reject) => {
    const hardMs = HARD_DEADLINE * plan.settings.attemptTimeoutMs;
    let cancel = clock.after(hardMs, () => end(() => resolve(giveUp(deps, plan))));
    const end = (give: () => void) => {
      abort.abort();
      cancel();
      cancel = clock.after(GRACE_MS, give);
    };
    const onStop = () => end(() => resolve({ kind: "cut_off" }));
    plan.stop.addEventListener("abort", onStop, { once: true });
    if (plan.stop.aborted) onStop();
    running.then(resolve, reject).finally(() => {
      cancel();
      plan.stop.removeEventListener("abort", onStop);
    });
  });
}

function attemptOf(deps: AttemptDeps, plan: AttemptPlan, signal: AbortSignal): Attempt {
  const { members, messages, agent, settings, recorder } = plan;
  const { message } = members[0].stored;
  const text = joinedText(messages, inboxFilePath, settings.text);
  const recentTexts = deps.recentTexts.of(agent);
  if (agent.transport !== "inbox") deps.recentTexts.add(agent, text);
  return {
    message,
    agent,
    state: recorder.state,
    text,
    pointer: messages.map((one) => pointerLine(one, inboxFilePath(one), settings.text)).join(" "),
    // A message tried before may have left its own text behind.
    recentTexts: members[0].stored.state.totalAttempts > 1 ? [...recentTexts, text] : recentTexts,
    record: (event, isDurable) => recorder.record(event, isDurable),
    saveDraft: (draft) => deps.drafts.save(message.id, draft),
    readDraft: (path) => deps.drafts.read(path),
    deadline: deps.clock.monotonic() + settings.attemptTimeoutMs,
    signal,
  };
}

/** It did not end in time: whatever it still does, it can record nothing more, and the next attempt gets a new transport. */
function giveUp(deps: AttemptDeps, plan: AttemptPlan): Outcome {
  const { transport } = plan.agent;
  deps.log.write("gave_up", { id: plan.members[0].stored.message.id, transport });
  deps.transports.discard(transport).catch((error: unknown) => {
    deps.log.write("not_closed", { transport, reason: reasonOf(error) });
  });
  return byStep(plan.members[0].stored.message, plan.recorder.state, {
    code: "attempt_timeout",
    message: `the attempt to reach ${plan.agent.name} hung for ${(HARD_DEADLINE * plan.settings.attemptTimeoutMs) / 1_000} s`,
    hint: `look at ${plan.agent.name}, then: swarm retry-failed --agent ${plan.agent.name}; on a slow machine raise delivery.attemptTimeout`,
  });
}

function outcomeOfThrow(deps: AttemptDeps, plan: AttemptPlan, error: unknown): Outcome {
  const { id } = plan.members[0].stored.message;
  if (error instanceof NotRecordedError && plan.recorder.state.step === "claimed") {
    const notStored = notRecorded(error);
    const standing = standingStill(plan.members[0].stored.message, plan.recorder.state, notStored);
    return { kind: "handed_back", error: notStored, retryInMs: GRACE_MS, ...standing };
  }
  deps.log.write("internal_error", {
    id,
    reason: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
  });
  return byStep(plan.members[0].stored.message, plan.recorder.state, {
    code: "internal",
    message: `a bug in swarm ended the attempt to reach ${plan.agent.name}: ${reasonOf(error)}`,
    hint: `please report it with runtime/worker.log; the message itself is safe, see: swarm status ${plan.members[0].stored.message.id}`,
  });
}

function notRecorded(error: NotRecordedError): DeliveryError {
  return {
    code: "spool_unwritable",
    message: `nothing was typed, because ${error.message}: ${reasonOf(error.cause)}`,
    hint: "free some disk space and make runtime/queue writable; the message is tried again by itself",
  };
}

/** Outcome of an attempt that can't say how it ended, by what it recorded. */
export function byStep(message: Message, state: MessageState, error: DeliveryError): Outcome {
  switch (state.step) {
    case "submitted":
      return { kind: "confirmed" };
    case "typed":
      return { kind: "unknown", error };
    case "intent":
    case "claimed":
    case null:
      return { kind: "deferred", error, ...standingStill(message, state, error) };
    default:
      return state.step satisfies never;
  }
}

/** Of an attempt that did not look what became of a text that one before had left. */
function standingStill(
  message: Message,
  { isTextLeft }: MessageState,
  error: DeliveryError,
): { readonly standing?: DeliveryError } {
  return isTextLeft ? { standing: leftStanding(message, error) } : {};
}
