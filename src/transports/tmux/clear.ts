/** Takes out what stands in a composer. A person's draft is on disk before anything of it goes. */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isMarks } from "./beside-own.ts";
import { unwrapped, withRevealed } from "./draft-text.ts";
import { deferred, lookUntil, refused, type Seen, textOf, type Work } from "./work.ts";

/** Takes out one character, in every agent. */
export const ERASE = "BSpace";
/** Agents that are slow show within this time, in milliseconds, what a key has done. */
export const ANSWER_MS = 5_000;
/** Each takes a row at least. */
const CLEARS = 200;

/** On disk before anything of it is taken out. */
export function keep(work: Work, rows: string, { reading }: Seen): void {
  const shown = reading.kind === "composer" ? unwrapped(rows, reading.width) : rows;
  keepText(work, shown);
}

export function keepText(work: Work, text: string): void {
  const file = work.attempt.saveDraft(text);
  work.attempt.record({ type: "draft_saved", at: work.clock.now(), file }, true);
  work.draft = { text, file };
}

/**
 * Empties the composer with the profile's keys, as often as each takes something away. `draft`: the rows of a draft that
 * are on disk; what the composer shows of it only now is added to them.
 */
export async function cleared(work: Work, seen: Seen, draft?: string): Promise<Outcome | null> {
  const keys = work.profile.clear.length === 0 && isMarks(textOf(seen)) ? [ERASE] : work.profile.clear;
  if (keys.length === 0) return deferred(present(work));
  let now: Seen = seen;
  let known = draft;
  for (let presses = 0; presses < CLEARS && textOf(now) !== ""; presses++) {
    if (now.reading.kind !== "composer") return deferred(wentAway(work));
    const [before, place] = [textOf(now), placeIn(now)];
    const pressed = await work.pane.press(keys, now.screen);
    if (!pressed.ok && !pressed.isMoved) return refused(pressed);
    // Not pressed: the agent was still drawing what the keys before had done.
    // Of blank rows at the end only the cursor tells that one was taken out.
    const isToChange = (next: Seen) => !pressed.ok || textOf(next) !== before || placeIn(next) !== place;
    const changed = await lookUntil(work, ANSWER_MS, isToChange);
    if (!changed.ok) return refused(changed);
    work.isClearingUnseen = pressed.ok && !changed.isIt;
    if (!changed.isIt) return deferred(unmoved(work));
    now = changed;
    if (known === undefined || now.reading.kind !== "composer") continue;
    const whole = withRevealed(known, textOf(now));
    if (whole !== known) keep(work, whole, now);
    known = whole;
  }
  if (now.reading.kind !== "composer") return deferred(wentAway(work));
  if (textOf(now) !== "") return deferred(present(work));
  work.isTextLeft = false;
  return null;
}

/** Where the cursor stands in the composer, wherever that is on the screen. */
function placeIn({ screen, reading }: Seen): string {
  return reading.kind === "composer" ? `${screen.cursor.x} ${screen.cursor.y - reading.from}` : "";
}

export function present({ agent, pane, profile }: Work): DeliveryError {
  return {
    code: "draft_present",
    message: `a half-typed prompt stands in the composer of ${agent.name} (pane ${pane.where}), and the profile "${profile.name}" can't take it out and put it back`,
    hint: "submit or remove it there; the message is tried again by itself",
  };
}

function unmoved({ agent, pane, profile }: Work): DeliveryError {
  return {
    code: "draft_present",
    message: `the text in the composer of ${agent.name} (pane ${pane.where}) stayed as it was for ${ANSWER_MS / 1_000} s after ${profile.clear.join(" ")}`,
    hint: "it may be at work, or take other keys: look at it; the message is tried again by itself",
  };
}

function wentAway({ agent, pane }: Work): DeliveryError {
  return {
    code: "composer_not_found",
    message: `the composer of ${agent.name} (pane ${pane.where}) went away while it was being emptied`,
    hint: "look at the pane; the message is tried again by itself",
  };
}
