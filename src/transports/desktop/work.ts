/** What the steps of one attempt at a desktop agent share. */
import type { DesktopAgent, Point } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Profile } from "../../domain/profile.ts";
import type {
  Content,
  DesktopWindow,
  Guarded,
  Hands,
  Look,
  LookKeys,
  PasteKeys,
  PasteLook,
  Refusal,
} from "../../ports/desktop.ts";
import type { Timing } from "../../ports/timing.ts";
import type { Attempt } from "../../ports/transport.ts";
import type { Clock } from "../../ports/world.ts";
import { withRemedy } from "./place.ts";

export interface Work {
  readonly attempt: Attempt;
  readonly agent: DesktopAgent;
  readonly profile: Profile;
  readonly hands: Hands;
  readonly timing: Timing;
  readonly clock: Clock;
  readonly window: DesktopWindow;
  /** What the person's clipboard held when this turn at the desktop began; null: no text. */
  readonly clipboardText: string | null;
  /** What the composer held before, once it was seen. */
  draft: Draft | null;
  /** It was seen to be back, and may have been selected: a person's next key may have replaced it. */
  isDraftBack: boolean;
  /** A draft was seen in this attempt or an earlier one, and may be back already. */
  isDraftKnown: boolean;
  /** The last attempt left something in the composer: a text or a draft that it had to, or a draft that it put back. */
  isFullLikely: boolean;
  /** What was put back before this attempt, where nobody has pressed since what takes it away: it must stand there. */
  expectedDraft: string | null;
  /** How long the filling took, until that is on record, right before the submit key; milliseconds. Null: nothing to record. */
  typedMs: number | null;
  /** The submit key was pressed in this attempt, or may have been. */
  mayBeEntered: boolean;
  /** What this attempt has put back. */
  restoredDraft: string | null;
  /** How long the composer took to answer a paste in this attempt, or usually does; milliseconds. */
  answerMs: number;
  /** The same for a copy alone. */
  lookMs: number;
  /** The keys that select the end of the text were the last ones that were pressed. */
  isEndSelected: boolean;
  /** An editor may still hold all to be selected: the next character would replace it. See `caret.ts`. */
  isAllHeld: boolean;
  /** The text, or a part of it, may stand in the composer without having been submitted. */
  isTextLeft: boolean;
  /** What the composer holds was read in this attempt. Else it is as the attempt before left it. */
  isRead: boolean;
  /** Keys may have been pressed in this attempt. */
  isTouched: boolean;
  /** The text was seen in the composer. */
  isTextSeen: boolean;
  /** Texts of ours that were found in the composer, left there by earlier attempts. */
  readonly strays: string[];
  /** The character of a control (see `control.ts`) may stand in the composer. */
  isMarkLeft: boolean;
  /** It stood there at some time of this attempt. */
  wasMarked: boolean;
  /** The mark that is left was typed by an attempt before: whoever did may have been killed before the key. */
  isMarkFromBefore: boolean;
  /** The process that typed ended in the middle of the last attempt: a page may have pasted its own copy since. */
  isDoubleLikely: boolean;
  /** The composer gives line breaks back as more than it was given. */
  isWidening: boolean;
  /** Texts that are no draft: other programs copied them, and a paste of ours may have been of one; or a draft stood twice in it. */
  foreign: readonly string[];
  /** Another program copied something that could not be read. */
  isCopyMissed: boolean;
  /** When the attempt began; on the monotonic clock. */
  readonly begunAt: number;
  /** When it was last asked what stands in the composer, and all of it was answered; on the monotonic clock. Null: never. */
  knownAt: number | null;
}

export interface Draft {
  readonly content: Content;
  readonly file: string;
}

const PASSING: ReadonlySet<string> = new Set(["focus_lost", "window_covered", "clipboard_busy"]);

/** Input this soon before a moment counts as after it, in milliseconds. */
const TOUCHED_SLACK_MS = 100;

/** A raised window takes this long at most, also on a busy machine. In milliseconds. */
const RAISE_MS = 3_000;
const SILENCE_FACTOR = 2;
const SILENCE_FLOOR_MS = 6;

/** Raises the window and clicks into the composer. */
export async function takeAim(work: Work): Promise<Guarded<{ readonly point: Point }>> {
  const { agent, hands, timing, clock, window } = work;
  const startedAt = clock.monotonic();
  const limitMs = Math.max(200, Math.min(RAISE_MS, leftMs(work)));
  const aimed = await hands.aim(window.id, agent.windowTitle, agent.input, limitMs);
  if (!aimed.ok) return { ...aimed, error: withRemedy(agent, aimed.error) };
  timing.record(agent.name, "desktop", "raise", clock.monotonic() - startedAt);
  return hands.click();
}

/** Presses the keys and hears the answer. What was selected before them is not selected any more. */
export async function look(
  work: Work,
  keys: LookKeys,
  patienceMs: number,
): Promise<Guarded<{ readonly look: Look }>> {
  work.isEndSelected = false;
  work.isAllHeld ||= keys.select.includes(work.profile.selectAll);
  const looked = await work.hands.look(keys, patienceMs);
  noteTouch(work, looked);
  work.isRead ||= looked.ok && looked.look.kind === "text";
  return looked;
}

/** Pastes in place of what `before` selects, or at the caret, and hears what stands there then. */
export async function pasteAndLook(
  work: Work,
  content: Content,
  keys: PasteKeys,
  patienceMs: number,
): Promise<Guarded<PasteLook>> {
  work.isAllHeld = true;
  work.isDraftBack = false;
  const pasted = await work.hands.pasteAndLook(content, keys, patienceMs);
  noteTouch(work, pasted);
  work.isRead ||= pasted.ok && pasted.look.kind === "text";
  return pasted;
}

export async function press(work: Work, chords: readonly string[]): Promise<Guarded<object>> {
  work.isEndSelected = false;
  const pressed = await work.hands.press(chords);
  noteTouch(work, pressed);
  return pressed;
}

function noteTouch(work: Work, done: Guarded<object>): void {
  work.isTouched ||= done.ok || done.mayBePressed;
}

/**
 * True where a text that stood in the composer at `since` (on the monotonic clock; null: not known), and was not submitted
 * by swarm, may have been by a person: somebody has pressed a button since, or a key that does not only write.
 */
export async function mayBeSubmitted({ hands, window, clock }: Work, since: number | null): Promise<boolean> {
  return (
    since === null || (await hands.submitIdleMs(window.id)) <= clock.monotonic() - since + TOUCHED_SLACK_MS
  );
}

/** Milliseconds that are left of the attempt; never negative. */
export function leftMs(work: Work): number {
  return Math.max(0, work.attempt.deadline - work.clock.monotonic());
}

/** The keys with which the composer is read. */
export function lookKeys({ profile }: Work): LookKeys {
  const select = [profile.selectAll];
  return { select, copy: profile.copy, collapse: { by: profile.caretEnd, again: select } };
}

/** Silence for so long suggests an empty composer, in milliseconds; `control.ts` proves it. */
export function silenceMs(work: Work): number {
  return Math.max(SILENCE_FLOOR_MS, work.lookMs * SILENCE_FACTOR);
}

/** Something has taken the focus or the clipboard for a moment. */
export function isPassing({ error }: Refusal): boolean {
  return PASSING.has(error.code);
}

/** The outcome of a refusal before anything was submitted. */
export function refused(refusal: Refusal): Outcome {
  const { error } = refusal;
  switch (error.code) {
    case "human_active":
    case "lock_lost":
    case "lock_timeout":
    case "screen_locked":
      return { kind: "handed_back", error };
    case "calibration_stale":
      return { kind: "rejected", error };
    default:
      return { kind: "deferred", error };
  }
}

export function deferred(error: DeliveryError): Outcome {
  return { kind: "deferred", error };
}
