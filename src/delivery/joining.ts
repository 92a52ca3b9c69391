/**
 * Several messages in one turn: what waits behind a message that may be joined is typed with it, each with its header, a
 * blank line between. Each keeps its file, its events and its inbox file.
 *
 *   claim the first, then those behind it one by one → line `joined` in each, with the ids of all → `intent` in each →
 *   … `typed` in each → Enter → `submitted` in each → each is settled
 *
 * `intent`, `typed` and `submitted` are written to all before the step that they announce, so each message's own file tells
 * what may have happened to it. What is about the composer and not about a message (draft, controls) is with the first. Only
 * messages of which nothing was ever typed are joined: new ones, and those that waited for a person or an unlocked screen. A
 * turn that fails is over: then each is tried alone.
 */
import type { Agent } from "../domain/agent.ts";
import type { MessageEvent } from "../domain/events.ts";
import { joinedText, type Message } from "../domain/message.ts";
import type { MessageState } from "../domain/status.ts";
import type { Log } from "../ports/log.ts";
import type { DeliverySettings } from "../ports/settings.ts";
import type { Spool, StoredMessage, Waiting } from "../ports/store.ts";
import type { Clock } from "../ports/world.ts";
import { reasonOf } from "../support/reason-of.ts";
import { inboxFilePath } from "./inbox-file.ts";
import type { Lane } from "./lane.ts";

export interface JoiningDeps {
  readonly spool: Pick<Spool, "peek" | "claim">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly pid: number;
}

/** A message that waited, and is claimed now. */
export interface Joiner {
  readonly waiting: Waiting;
  readonly stored: StoredMessage;
}

/** So that one turn of an agent stays one that can be read. */
const MOST_JOINED = 20;

/** Claims what may be typed in one turn with `first`, which is claimed: those right behind it, as far as they may. Never throws. */
export function claimJoiners(
  deps: JoiningDeps,
  lane: Lane,
  { waiting, stored: first }: Joiner,
  agent: Agent | undefined,
  settings: DeliverySettings,
): readonly Joiner[] {
  const joiners: Joiner[] = [];
  if (!agent || agent.transport === "inbox" || settings.text.header === false) return joiners;
  if (!isUntyped(first) || !mayJoin(first.message, settings)) return joiners;
  const messages = [first.message];
  try {
    for (const next of lane.behind(waiting, MOST_JOINED - 1)) {
      const candidate = deps.spool.peek(next);
      if (!candidate || !fits(candidate, messages, settings, deps.clock.now())) break;
      const stored = deps.spool.claim(next, { pid: deps.pid, at: deps.clock.now() });
      if (!stored) break;
      lane.remove(next);
      messages.push(stored.message);
      joiners.push({ waiting: next, stored });
    }
  } catch (error) {
    // Those that were claimed are delivered; the disk's trouble is met by whatever comes next.
    deps.log.write("not_joined", { id: first.message.id, reason: reasonOf(error) });
  }
  return joiners;
}

/** What happens to a message before anything of it may be in a composer. */
const BEFORE_TYPING: ReadonlySet<MessageEvent["type"]> = new Set<MessageEvent["type"]>([
  "acknowledged",
  "claimed",
  "inbox_file",
  "joined",
  "handed_back",
]);

function isUntyped({ events }: StoredMessage): boolean {
  return events.every(({ type }) => BEFORE_TYPING.has(type));
}

function mayJoin({ join, raw }: Message, settings: DeliverySettings): boolean {
  return (join || settings.isJoining) && !raw;
}

function fits(
  stored: StoredMessage,
  before: readonly Message[],
  settings: DeliverySettings,
  now: number,
): boolean {
  const { message } = stored;
  const isInTime = message.expiresAt === null || message.expiresAt > now;
  const isSameDesktop = message.display === before[0]?.display;
  if (!isUntyped(stored) || !isInTime || !isSameDesktop || !mayJoin(message, settings)) return false;
  return joinedText([...before, message], inboxFilePath, settings.text).length <= settings.text.inlineLimit;
}

/** Cut-off messages, those together that were typed in one turn; the first of each turn first. */
export function turnsOf(interrupted: readonly StoredMessage[]): readonly (readonly StoredMessage[])[] {
  const turns = new Map<string, StoredMessage[]>();
  for (const stored of interrupted) {
    const { joined, step } = stored.state;
    const first = step === "claimed" || step === null ? undefined : joined[0];
    const turn = first === undefined ? undefined : turns.get(first);
    if (turn) turn.push(stored);
    else turns.set(first ?? stored.message.id, [stored]);
  }
  return [...turns.values()].map((turn) => turn.toSorted((a, b) => placeOf(a) - placeOf(b)));
}

function placeOf({ message, state }: StoredMessage): number {
  return state.joined.indexOf(message.id);
}

const STEPS = [null, "claimed", "intent", "typed", "submitted"] as const;

/** How far a turn had come: Enter came only after all had `typed`, and `submitted` in one proves it of all. */
export function stepOf(
  turn: readonly { readonly state: Pick<MessageState, "step"> }[],
): MessageState["step"] {
  const steps = turn.map(({ state }) => STEPS.indexOf(state.step));
  if (steps.includes(STEPS.indexOf("submitted"))) return "submitted";
  return STEPS[Math.min(...steps)] ?? null;
}
