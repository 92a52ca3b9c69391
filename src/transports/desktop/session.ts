/** The frame around an attempt: lock, a person's pause, the one window, and everything put back at the end. */
import type { DesktopAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Profile } from "../../domain/profile.ts";
import { type Desktop, DesktopGone, type DesktopWindow, type Hands } from "../../ports/desktop.ts";
import type { Timing } from "../../ports/timing.ts";
import type { Attempt } from "../../ports/transport.ts";
import type { Clock } from "../../ports/world.ts";
import { keepLate } from "./late-draft.ts";
import { placeOf } from "./place.ts";
import { deferred, refused, type Work } from "./work.ts";

export interface DesktopSettings {
  /** `desktop.display` of the configuration, or null. */
  readonly display: string | null;
  readonly humanIdleMs: number;
  readonly attemptMs: number;
  profile(name: string): Profile | null;
}

export interface DesktopDeps {
  readonly desktop: Desktop;
  readonly timing: Timing;
  readonly clock: Clock;
  /** Asked anew for each attempt: the configuration may change. */
  readonly settings: () => DesktopSettings;
}

const LOOK_EVERY_MS = 50;
/** Taken for the answer time of a composer that was never seen, in milliseconds. */
const FIRST_ANSWER_MS = 100;
const FIRST_LOOK_MS = 30;
const LOCKED_LEAST_MS = 1_000;
const LOCKED_STEP_MS = 33;
const LOCKED_MOST_MS = 10_000;

/** Runs `use` with the desktop's lock, on the agent's one window, and puts everything back whatever happens. */
export async function withDesktop(
  deps: DesktopDeps,
  attempt: Attempt,
  use: (work: Work) => Promise<Outcome>,
  /** An urgent message does not wait for a person's pause. */
  { isUrgent } = { isUrgent: attempt.message.priority === "urgent" },
): Promise<Outcome> {
  const settings = deps.settings();
  const agent = attempt.agent as DesktopAgent;
  const profile = settings.profile(agent.profile);
  const unusable = profileProblem(agent, profile);
  if (unusable || !profile) return unusable ?? deferred(internalError(agent));
  const purpose = `${attempt.message.id} to ${agent.name}`;
  const display = settings.display ?? attempt.message.display;
  const acquired = await deps.desktop.acquire(display, purpose, settings.attemptMs, attempt.signal);
  if (!acquired.ok) return inNoHurry(refused(acquired), attempt.state.totalAttempts);
  const { hands } = acquired;
  deps.timing.record(agent.name, "desktop", "lock", acquired.waitedMs);
  // Time in line is not the attempt's: a long line must not make attempts fail.
  const timed = { ...attempt, deadline: deps.clock.monotonic() + settings.attemptMs };
  try {
    const busy = isUrgent ? null : await personPauses(hands, settings, timed, deps.clock);
    return busy ?? (await onWindow(deps, timed, agent, profile, hands, use));
  } catch (cause) {
    if (cause instanceof DesktopGone) return refused(cause.refusal);
    throw cause;
  } finally {
    // Not waited for: all is back, and the next attempt asks the same driver after this.
    hands.release().catch(() => undefined);
  }
}

/** A screen may be locked for days: at first it is looked at as often as for a person who types, in the end every 10 s. */
function inNoHurry(outcome: Outcome, totalAttempts: number): Outcome {
  if (outcome.kind !== "handed_back" || outcome.error.code !== "screen_locked") return outcome;
  const retryInMs = Math.min(LOCKED_MOST_MS, totalAttempts * LOCKED_STEP_MS);
  return retryInMs < LOCKED_LEAST_MS ? outcome : { ...outcome, retryInMs };
}

async function onWindow(
  deps: DesktopDeps,
  attempt: Attempt,
  agent: DesktopAgent,
  profile: Profile,
  hands: Hands,
  use: (work: Work) => Promise<Outcome>,
): Promise<Outcome> {
  const { timing, clock } = deps;
  const windows = await hands.windows();
  const place = placeOf(agent, windows);
  if (!place.ok) return deferred(withMending(agent, place.error, windows));
  const guest = await hands.remember();
  const work: Work = {
    attempt,
    agent,
    profile,
    hands,
    timing,
    clock,
    window: place.window,
    clipboardText: guest.clipboardText,
    draft: null,
    isDraftBack: false,
    isFullLikely: false,
    answerMs: timing.typicalMs(agent.name, "desktop", "answer") ?? FIRST_ANSWER_MS,
    lookMs: timing.typicalMs(agent.name, "desktop", "look") ?? FIRST_LOOK_MS,
    isEndSelected: false,
    isAllHeld: false,
    typedMs: null,
    mayBeEntered: false,
    isWidening: false,
    isTextLeft: false,
    isMarkLeft: attempt.state.marksLeft > 0,
    wasMarked: attempt.state.marksLeft > 0,
    isMarkFromBefore: attempt.state.marksLeft > 0,
    isDraftKnown: false,
    expectedDraft: null,
    restoredDraft: null,
    isDoubleLikely: false,
    foreign: [],
    isCopyMissed: false,
    begunAt: clock.monotonic(),
    knownAt: null,
    isRead: false,
    isTouched: false,
    isTextSeen: false,
    strays: [],
  };
  let isBroken = true;
  try {
    const outcome = await use(work);
    isBroken = false;
    await hands.restore(guest);
    const isTriedAgain = outcome.kind === "deferred" || outcome.kind === "handed_back";
    if (isTriedAgain) await keepLate(work, await hands.lateAnswers().catch(() => []));
    return outcome;
  } finally {
    if (isBroken) await hands.restore(guest);
  }
}

/** Read later, when other windows may be open; and a failed message waits for whoever has mended the place. */
function withMending(
  { name }: DesktopAgent,
  { code, message, hint }: DeliveryError,
  windows: readonly DesktopWindow[],
): DeliveryError {
  const titles = windows.map(({ title }) => `"${title}"`).slice(0, MOST_TITLES);
  const open = code === "window_not_found" && titles.length > 0 ? ` (open are: ${titles.join(", ")})` : "";
  return { code, message: `${message}${open}`, hint: `${hint}; then: swarm retry-failed --agent ${name}` };
}

const MOST_TITLES = 5;

/** Waits until the person has been idle for a while; null: go on. */
async function personPauses(
  hands: Hands,
  settings: DesktopSettings,
  attempt: Attempt,
  clock: Clock,
): Promise<Outcome | null> {
  for (;;) {
    const missingMs = settings.humanIdleMs - (await hands.humanIdleMs());
    if (missingMs <= 0) return null;
    if (attempt.deadline - clock.monotonic() < missingMs || attempt.signal.aborted) {
      return {
        kind: "handed_back",
        error: {
          code: "human_active",
          message: `somebody is typing or moving the mouse; ${attempt.agent.name} has to wait`,
          hint: "the message is delivered by itself in the next pause; --priority urgent does not wait",
        },
      };
    }
    await new Promise<void>((resolve) => clock.after(Math.min(missingMs, LOOK_EVERY_MS * 4), resolve));
  }
}

function profileProblem(agent: DesktopAgent, profile: Profile | null): Outcome | null {
  if (profile?.isReadable) return null;
  return {
    kind: "rejected",
    error: profile
      ? {
          code: "composer_not_found",
          message: `the window of ${agent.name} is a terminal: what is typed there can't be read back, and Ctrl+C would interrupt the agent`,
          hint: `give ${agent.name} the tmux or the inbox transport`,
        }
      : {
          code: "calibration_stale",
          message: `the profile "${agent.profile}" of ${agent.name} is not known`,
          hint: `correct agents.${agent.name}.profile in swarm.json (chat, cursor, vscode, or one of your own)`,
        },
  };
}

function internalError(agent: DesktopAgent) {
  return { code: "internal" as const, message: `no profile for ${agent.name}`, hint: "please report this" };
}
