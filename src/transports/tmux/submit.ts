/**
 * Presses Enter and proves that the text has left the composer.
 *
 *   the text still shows, nothing moved, the agent runs → Enter → gone: submitted.   still there → Enter again, at most 3 times
 *   a dialog, another program or another text before Enter → nothing is pressed
 */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { newDialog } from "./composer.ts";
import { enterPauseMs, learnPause } from "./enter-pause.ts";
import type { Standing } from "./fill.ts";
import { holdsText } from "./holds-text.ts";
import { dialogInFront } from "./screen-trouble.ts";
import { isAlive, leftMs, look, lookUntilSteady, pause, type Seen, textOf, type Work } from "./work.ts";

/**
 * At least so long the text may take to go after each Enter, in milliseconds. An Enter too many is worse than a late one:
 * an agent that shows a paste late takes Enter late as well, and one that is still starting takes none for seconds.
 */
const GONE_FLOORS_MS = [2_000, 4_000, 8_000];
/** An Enter that turned out to be one too many must not meet the next message. In milliseconds. */
const EXTRA_ENTER_MS = 1_000;
const LOOKS = 40;
/** Also when the attempt has no time left. */
const LEAST_LOOKS = 3;
/** Agents say what they do within so many rows above or below the composer. */
const STATUS_ROWS = 6;
const GONE_FACTOR = 2.5;
/** A composer that shows nothing of the text, and no place to type either: so long it is looked for. In milliseconds. */
const PROOF_MS = 5_000;

/** Null: submitted, proven. The composer must hold the text when this is called. */
export async function submit(work: Work, { before, pastedAt, shownMs }: Standing): Promise<Outcome | null> {
  const { agent, attempt, clock, timing } = work;
  const pauseMs = enterPauseMs(timing, agent.name);
  await pause(clock, Math.max(0, pastedAt + pauseMs - clock.monotonic()));
  for (const [enters, floorMs] of GONE_FLOORS_MS.entries()) {
    if (attempt.signal.aborted && enters === 0) return stopped(work);
    const pressed = await pressEnter(work, before);
    if (pressed !== null) return enters === 0 ? pressed : unproven(work, errorOf(pressed));
    const at = clock.monotonic();
    const learnedMs = timing.deadlineMs(agent.name, "tmux", "submit");
    const goneMs = Math.max(floorMs, learnedMs, shownMs * GONE_FACTOR);
    const seen = await lookUntilSteady(work, goneMs, (now) => isGone(work, now) || !isAlive(work, now));
    if (!seen.ok) return unproven(work, seen.error);
    // An empty composer may be that of an agent that was started anew.
    if (!isAlive(work, seen)) return unproven(work, exited(work));
    const pressedWith = { at, enters: enters + 1, pauseMs, before };
    if (seen.isIt) {
      const end = provenGone(work, seen, pressedWith);
      if (enters > 0) await pause(clock, EXTRA_ENTER_MS);
      return end;
    }
    timing.miss(agent.name, "tmux", "submit");
    if (!holdsText(work, seen)) return noComposer(work, seen, pressedWith);
  }
  return notSubmitted(work);
}

/** Null: pressed, on the very screen that showed the text. */
async function pressEnter(work: Work, before: Seen): Promise<Outcome | null> {
  const { attempt, profile, pane } = work;
  const isUrgent = attempt.message.priority === "urgent";
  const key = isUrgent ? (profile.urgentSubmit ?? profile.submit) : profile.submit;
  let isChanged = false;
  for (let looks = 0; looks < LOOKS; looks++) {
    const seen = await look(work);
    if (!seen.ok) return unproven(work, seen.error);
    const { reading, screen } = seen;
    isChanged = textOf(seen) !== "";
    if (reading.kind === "dialog") return dialogInFront(work, reading.line);
    if (reading.kind === "composer" && holdsText(work, seen)) {
      const dialog = newDialog(before.screen, screen, profile, reading);
      if (dialog !== null) return dialogInFront(work, dialog);
      if (!isAlive(work, seen)) return unproven(work, exited(work));
      const pressed = await pane.press([key], screen);
      if (pressed.ok) return null;
      if (!pressed.isMoved) return unproven(work, pressed.error);
    } else if (reading.kind === "composer" && textOf(seen) === "" && looks > 0) {
      return unproven(work, goneError(work));
    }
    if (leftMs(work) === 0 && looks > LEAST_LOOKS) break;
    await pause(work.clock, Math.min(50, 2 * (looks + 1)));
  }
  return unproven(work, isChanged ? changedError(work) : goneError(work));
}

/** The composer is there and holds nothing of it. A part of it is neither: it may be a frame that is half drawn. */
function isGone(work: Work, seen: Seen): boolean {
  const isPart = textOf(seen).includes(work.attempt.message.id);
  return seen.reading.kind === "composer" && !isPart && !holdsText(work, seen);
}

interface Pressed {
  /** On the monotonic clock, in milliseconds. */
  readonly at: number;
  readonly enters: number;
  /** Before the first one, in milliseconds. */
  readonly pauseMs: number;
  /** The screen before the text stood in the composer. */
  readonly before: Seen;
}

/** The agent said that it was at work before, or says now that it has put the text into a queue. */
function isInQueue({ profile }: Work, before: Seen, now: Seen): boolean {
  const known = new Set(before.screen.rows.map(({ text }) => text));
  const isNew = rowsSaying(now, profile.queued).some((text) => !known.has(text));
  return isNew || rowsSaying(before, profile.busy).length > 0;
}

/** Rows around the composer that one of the patterns fits. */
function rowsSaying({ screen, reading }: Seen, sources: readonly string[]): readonly string[] {
  const patterns = sources.map((source) => new RegExp(source, "i"));
  const [from, to] = reading.kind === "composer" ? [reading.from, reading.to] : [0, 0];
  const near = screen.rows.slice(Math.max(0, from - STATUS_ROWS), to + 1 + STATUS_ROWS);
  return near.map(({ text }) => text).filter((text) => patterns.some((pattern) => pattern.test(text)));
}

/** The composer is there, and the text is not in it. */
function provenGone(work: Work, seen: Seen, { at, enters, pauseMs, before }: Pressed): Outcome | null {
  const { attempt, clock, timing, agent } = work;
  const text = textOf(seen);
  // A part of it, or the text with something else, is neither submitted nor still there.
  if (text !== "" && text.includes(attempt.message.id)) return unproven(work, changedError(work));
  const provenAt = clock.monotonic();
  const ms = provenAt - at;
  work.isTextLeft = false;
  work.submit = { before, at: provenAt };
  timing.record(agent.name, "tmux", "submit", ms);
  learnPause(timing, agent.name, pauseMs, enters);
  const event = { type: "submitted", at: clock.now(), ms, enters } as const;
  attempt.record(isInQueue(work, before, seen) ? { ...event, isQueued: true } : event, false);
  return null;
}

/** The composer went away with the Enter: a dialog the agent opened, or its end. The text shows above it, or nobody knows. */
async function noComposer(work: Work, last: Seen, pressed: Pressed): Promise<Outcome | null> {
  const seen = await lookUntilSteady(
    work,
    PROOF_MS,
    (now) => now.reading.kind === "composer" || isInTranscript(work, now) || !isAlive(work, now),
  );
  if (!seen.ok) return unproven(work, seen.error);
  if (!isAlive(work, seen)) return unproven(work, exited(work));
  if (seen.isIt && !holdsText(work, seen)) return provenGone(work, seen, pressed);
  if (seen.isIt) return notSubmitted(work);
  return unproven(
    work,
    last.reading.kind === "dialog" ? dialogError(work, last.reading.line) : goneError(work),
  );
}

/** The message's id stands on the screen, and there is no composer that it could stand in. */
function isInTranscript({ attempt }: Work, { screen, reading }: Seen): boolean {
  return reading.kind === "dialog" && screen.rows.some(({ text }) => text.includes(attempt.message.id));
}

function errorOf(outcome: Outcome): DeliveryError {
  return outcome.kind === "confirmed"
    ? { code: "internal", message: "no error", hint: "please report this" }
    : outcome.error;
}

function stopped({ agent }: Work): Outcome {
  return {
    kind: "handed_back",
    error: {
      code: "worker_died",
      message: `the worker was stopped before the message to ${agent.name} was submitted`,
      hint: "it is delivered by the next worker",
    },
  };
}

export function unproven({ agent, attempt }: Work, cause: DeliveryError): Outcome {
  return {
    kind: "unknown",
    error: {
      code: "submit_unproven",
      message: `the message stood in the composer of ${agent.name}, and whether it was submitted could not be proven: ${cause.message}`,
      hint: `look at ${agent.name}; if it is not there: swarm retry-failed --unconfirmed --id ${attempt.message.id}`,
    },
  };
}

function goneError({ agent, pane }: Work): DeliveryError {
  return {
    code: "submit_unproven",
    message: `the text was gone from ${agent.name} (pane ${pane.where}) without a proof of its submit`,
    hint: "somebody may have submitted or removed it",
  };
}

function changedError({ agent }: Work): DeliveryError {
  return {
    code: "submit_unproven",
    message: `the composer of ${agent.name} held a part of the text, or the text with something else`,
    hint: "somebody else writes there",
  };
}

function dialogError({ agent }: Work, line: string): DeliveryError {
  return {
    code: "dialog_in_front",
    message: `${agent.name} opened a dialog ("${line.slice(0, 60)}")`,
    hint: "answer it in the pane",
  };
}

function exited({ agent, pane }: Work): DeliveryError {
  return {
    code: "shell_in_pane",
    message: `${agent.name} ended in the pane ${pane.where}`,
    hint: "start it again",
  };
}

/** Tried again: an agent that stood still for so long takes it later. */
function notSubmitted({ agent, profile }: Work): Outcome {
  return {
    kind: "deferred",
    error: {
      code: "not_submitted",
      message: `${agent.name} kept the text in its composer after ${GONE_FLOORS_MS.length} times ${profile.submit}`,
      hint: "it is tried again by itself; if that goes on, check which key submits there and set it in a profile",
    },
  };
}
