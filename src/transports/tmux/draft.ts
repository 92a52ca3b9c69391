/** A person's half-typed prompt: waited for, then saved, taken out, and typed back after the message. */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { OnPane } from "../../ports/terminals.ts";
import { besideOwn } from "./beside-own.ts";
import { unwrapped, withRevealed } from "./draft-text.ts";
import { bare, hasRows, isBlank, showsAll } from "./same-screen-text.ts";
import { deferred, look, lookUntil, refused, type Seen, type Work } from "./work.ts";

/** A person finishes a short prompt in that time, in milliseconds. */
const WAIT_MS = 1_500;
/** So long a draft must stand unchanged: else somebody is typing. In milliseconds. */
const STILL_MS = 700;
/** Agents that are slow show within this time, in milliseconds, what a key has done. */
const ANSWER_MS = 5_000;
/** Each takes a row at least. */
const CLEARS = 200;
const MESSAGE_ID = /\bmsg_\d{8}_\d{6}_[0-9a-f]{8}\b/;
/** What an agent shows in place of something that can't be typed back. */
const STANDS_FOR_MORE = /\[(?:Pasted|Image|File)\b/i;

/** Null: the composer is empty, and what was in it is on disk. */
export async function takeDraft(work: Work, seen: Seen): Promise<Outcome | null> {
  const { profile } = work;
  const first = textOf(seen);
  if (first === "") return null;
  if (isOwn(work, first)) return cleared(work, seen);
  const waited = await lookUntil(work, WAIT_MS, (now) => textOf(now) === "");
  if (!waited.ok) return refused(waited);
  if (waited.isIt) return null;
  const text = textOf(waited);
  const moved = await lookUntil(work, STILL_MS, (now) => textOf(now) !== text);
  if (!moved.ok) return refused(moved);
  if (moved.isIt) return typing(work);
  const isWhole = !STANDS_FOR_MORE.test(text) && !new RegExp(profile.longPaste).test(text);
  if (profile.clear.length === 0 || !isWhole) return deferred(present(work));
  const rest = besideEarlier(work, text);
  keep(work, rest ?? text, moved);
  return cleared(work, moved, rest === null ? text : undefined);
}

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
 * What a person has typed beside a text of ours that an earlier attempt had to leave. Null: none stands there. Ours is
 * what bears the id of a message: any other text may be the person's own.
 */
function besideEarlier({ attempt, profile }: Work, shown: string): string | null {
  for (const own of [attempt.text, ...attempt.recentTexts]) {
    const isMarked = MESSAGE_ID.test(own) && hasRows(shown, MESSAGE_ID.exec(own)?.[0] ?? "");
    const rest = isMarked ? besideOwn(shown, own, profile.longPaste) : null;
    if (rest !== null) return rest;
  }
  return null;
}

/** Text of ours that an earlier attempt had to leave. */
function isOwn({ attempt }: Work, text: string): boolean {
  return [attempt.text, ...attempt.recentTexts].some((own) => showsAll(text, own));
}

/**
 * Empties the composer with the profile's keys, as often as each takes something away. `draft`: the rows of a draft that
 * are on disk; what the composer shows of it only now is added to them.
 */
export async function cleared(work: Work, seen: Seen, draft?: string): Promise<Outcome | null> {
  if (work.profile.clear.length === 0) return deferred(present(work));
  let now: Seen = seen;
  let known = draft;
  for (let presses = 0; presses < CLEARS && textOf(now) !== ""; presses++) {
    if (now.reading.kind !== "composer") return deferred(present(work));
    const before = textOf(now);
    const pressed = await work.pane.press(work.profile.clear, now.screen);
    if (!pressed.ok && !pressed.isMoved) return refused(pressed);
    // Not pressed: the agent was still drawing what the keys before had done.
    const isToChange = (next: Seen) => !pressed.ok || textOf(next) !== before;
    const changed = await lookUntil(work, ANSWER_MS, isToChange);
    if (!changed.ok) return refused(changed);
    if (!changed.isIt) return deferred(unmoved(work));
    now = changed;
    if (known === undefined || now.reading.kind !== "composer") continue;
    const whole = withRevealed(known, textOf(now));
    if (whole !== known) keep(work, whole, now);
    known = whole;
  }
  if (textOf(now) === "" && now.reading.kind === "composer") {
    work.isTextLeft = false;
    return null;
  }
  return deferred(present(work));
}

/** Types the draft back into an empty composer. True when it stands there again. */
export async function putDraftBack(work: Work): Promise<boolean> {
  const { draft, attempt, clock, pane } = work;
  if (!draft) return true;
  for (let tries = 0; tries < 3; tries++) {
    const seen = await emptyComposer(work);
    if (!seen.ok || seen.reading.kind !== "composer") return false;
    if (showsAll(textOf(seen), draft.text)) return restored();
    if (textOf(seen) !== "") {
      // A part of it, where taking it out was broken off.
      if (!isPart(textOf(seen), draft.text)) return false;
      await cleared(work, seen);
      continue;
    }
    const pasted = await pane.paste(draft.text, seen.screen);
    if (!pasted.ok && !pasted.isMoved) return false;
    const shown = await lookUntil(work, ANSWER_MS, (now) => showsAll(textOf(now), draft.text));
    if (shown.ok && shown.isIt) return restored();
  }
  return false;

  function restored(): true {
    if (draft) attempt.record({ type: "draft_restored", at: clock.now(), file: draft.file }, false);
    work.draft = null;
    return true;
  }
}

async function emptyComposer(work: Work): Promise<OnPane<Seen>> {
  const seen = await lookUntil(
    work,
    ANSWER_MS,
    (now) => now.reading.kind === "composer" && textOf(now) === "",
  );
  return seen.ok ? seen : look(work);
}

function isPart(shown: string, draft: string): boolean {
  return bare(shown) === "" ? hasRows(draft, shown) : bare(draft).includes(bare(shown));
}

/** What stands in the composer; "" also where there is none. */
export function textOf({ reading }: Pick<Seen, "reading">): string {
  return reading.kind === "composer" && !isBlank(reading.text) ? reading.text : "";
}

export function typing({ agent, pane }: Work): Outcome {
  return {
    kind: "handed_back",
    error: {
      code: "human_active",
      message: `somebody is typing to ${agent.name} in the pane ${pane.where}`,
      hint: "the message is delivered by itself in the next pause",
    },
  };
}

function present({ agent, pane, profile }: Work): DeliveryError {
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
