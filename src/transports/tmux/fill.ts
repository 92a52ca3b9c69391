/**
 * Puts the text into the composer, and proves it on the screen.
 *
 *   empty composer → paste → exactly the text (or its end, or the agent's mark for a long paste): typed
 *   anything else → what landed is taken out again, and nothing is submitted
 */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isOwn } from "./beside-own.ts";
import { caughtUp } from "./caught-up.ts";
import { cleared } from "./clear.ts";
import { takeDraft } from "./draft.ts";
import { holdsText } from "./holds-text.ts";
import { isLeftWhole, withoutEarlierMarks } from "./left-whole.ts";
import { dialogInFront, screenUnknown, typing } from "./screen-trouble.ts";
import { takeOut } from "./take-out.ts";
import { deferred, isAlive, leftMs, look, lookUntil, refused, type Seen, textOf, type Work } from "./work.ts";

/** A program that is starting, or draws a menu for a moment, shows no composer: so long it is waited for. In milliseconds. */
const COMPOSER_WAIT_MS = 1_500;
const PASTE_TRIES = 5;
/** A paste of which nothing shows is waited for that long beyond the usual, in milliseconds. */
const LATEST_MS = 5_000;
/** Kept of the attempt's time for taking the text out again. */
const RESERVE_MS = 2_000;

/** The text stands in the composer. */
export interface Standing {
  /** The screen before it did. */
  readonly before: Seen;
  /** On the monotonic clock, in milliseconds. */
  readonly pastedAt: number;
  /** How long it took to show. */
  readonly shownMs: number;
}

export type Filled = ({ readonly ok: true } & Standing) | { readonly ok: false; readonly end: Outcome };

export async function fill(work: Work): Promise<Filled> {
  const standing = mayFollow(work) ? await leftStanding(work) : null;
  if (standing) return standing;
  for (let tries = 0; tries < PASTE_TRIES; tries++) {
    const ready = await emptied(work);
    if (!ready.ok) return ready;
    const pastedAt = work.clock.monotonic();
    const pasted = await work.pane.paste(work.attempt.text, ready.seen.screen);
    if (!pasted.ok) {
      if (pasted.isMoved) continue; // the screen was repainted between the look and the paste
      return ended(refused(pasted));
    }
    work.isTextLeft = true;
    return shown(work, ready.seen, pastedAt);
  }
  return ended(deferred(restless(work)));
}

/** The text stands there from an attempt before, and there are no keys that take it out: it is gone on from there. */
async function leftStanding(work: Work): Promise<Filled | null> {
  if (work.profile.clear.length > 0) return null; // and nothing is waited for
  const seen = await lookUntil(work, COMPOSER_WAIT_MS, ({ reading }) => reading.kind === "composer");
  if (!seen.ok) return null;
  const left = await withoutEarlierMarks(work, seen);
  if (!left.ok) return left;
  if (!isLeftWhole(work, left.seen)) return null;
  work.isTextLeft = true;
  return { ok: true, before: left.seen, pastedAt: work.clock.monotonic(), shownMs: seen.ms };
}

type Ready = { readonly ok: true; readonly seen: Seen } | { readonly ok: false; readonly end: Outcome };

/** A composer that is there and holds nothing, also not a moment later. */
async function emptied(work: Work): Promise<Ready> {
  const ready = await emptyNow(work);
  if (!ready.ok) return ready;
  if (!mayFollow(work)) {
    work.isCaughtUp = true;
    return ready;
  }
  const last = await caughtUp(work, ready.seen);
  if (!last.ok) return last;
  if (textOf(last.seen) === "" && last.seen.reading.kind === "composer") return { ok: true, seen: last.seen };
  const isOurs = isOwn(work, textOf(last.seen)) || holdsText(work, last.seen);
  if (!isOurs) return ended(typing(work));
  const left = await cleared(work, last.seen);
  return left ? ended(left) : emptyNow(work);
}

/** The same text may still be on its way, from an attempt of which nobody saw what became of it. */
function mayFollow({ attempt: { state, message, recentTexts, text }, isCaughtUp }: Work): boolean {
  return !isCaughtUp && (state.totalAttempts > 1 || (message.raw && recentTexts.includes(text)));
}

async function emptyNow(work: Work): Promise<Ready> {
  const found = await lookUntil(work, COMPOSER_WAIT_MS, ({ reading }) => reading.kind === "composer");
  if (!found.ok) return ended(refused(found));
  if (found.reading.kind === "dialog") return ended(dialogInFront(work, found.reading.line));
  if (found.reading.kind === "unknown") return ended(screenUnknown(work, found.screen));
  if (textOf(found) === "") return { ok: true, seen: found };
  const end = await takeDraft(work, found);
  if (end) return ended(end);
  const now = await look(work);
  if (!now.ok) return ended(refused(now));
  if (now.reading.kind === "dialog") return ended(dialogInFront(work, now.reading.line));
  return textOf(now) === "" && now.reading.kind === "composer"
    ? { ok: true, seen: now }
    : ended(deferred(restless(work)));
}

async function shown(work: Work, before: Seen, pastedAt: number): Promise<Filled> {
  const { agent, timing } = work;
  const waitMs = Math.max(
    500,
    Math.min(timing.deadlineMs(agent.name, "tmux", "paste"), leftMs(work) - RESERVE_MS),
  );
  const seen = await lookUntil(work, waitMs, (now) => holdsText(work, now) || !isAlive(work, now));
  if (!seen.ok) return ended(lost(work, refused(seen)));
  if (!isAlive(work, seen)) return ended(lost(work, agentEnded(work)));
  if (seen.isIt) {
    timing.record(agent.name, "tmux", "paste", seen.ms);
    return { ok: true, before, pastedAt, shownMs: seen.ms };
  }
  timing.miss(agent.name, "tmux", "paste");
  if (seen.reading.kind === "dialog") return ended(dialogInFront(work, seen.reading.line));
  if (textOf(seen) === "") return nothingShown(work, before, pastedAt);
  return ended(await takeOut(work, seen));
}

/** Nothing of the text shows: it may still come, and then it must not stay. */
async function nothingShown(work: Work, before: Seen, pastedAt: number): Promise<Filled> {
  const lateMs = Math.min(Math.max(0, leftMs(work) - RESERVE_MS), LATEST_MS);
  const late = await lookUntil(work, lateMs, (now) => textOf(now) !== "" || !isAlive(work, now));
  if (late.ok && !isAlive(work, late)) return ended(lost(work, agentEnded(work)));
  if (late.ok && late.isIt && holdsText(work, late)) {
    return { ok: true, before, pastedAt, shownMs: work.clock.monotonic() - pastedAt };
  }
  if (late.ok && late.isIt) return ended(await takeOut(work, late));
  work.isTextLeft = false;
  work.isCaughtUp = false;
  return ended(deferred(vanished(work)));
}

/** The agent went away with the paste. */
function lost(work: Work, outcome: Outcome): Outcome {
  work.isTextLeft = false;
  return outcome;
}

function agentEnded({ agent, pane }: Work): Outcome {
  return deferred({
    code: "shell_in_pane",
    message: `${agent.name} ended in the pane ${pane.where} before the message was submitted`,
    hint: "start it again; the message is tried again by itself",
  });
}

function ended(end: Outcome): { readonly ok: false; readonly end: Outcome } {
  return { ok: false, end };
}

function vanished({ agent, pane }: Work): DeliveryError {
  return {
    code: "composer_not_found",
    message: `the composer of ${agent.name} (pane ${pane.where}) showed nothing of what was pasted`,
    hint: "nothing was submitted; look at the pane; the message is tried again by itself",
  };
}

function restless({ agent, pane }: Work): DeliveryError {
  return {
    code: "readback_mismatch",
    message: `the screen of ${agent.name} (pane ${pane.where}) did not stand still long enough to be typed on`,
    hint: "nothing was typed; the message is tried again by itself",
  };
}
