/**
 * Puts the caret at the end of the text, and proves it.
 *
 * Editors such as Lexical and ProseMirror keep a selection of their own, which follows the field's only some time after
 * the key: an Enter or Backspace right behind select-all and a caret key acts on the whole text (12 of 12 tries). So one
 * step back from the end is selected and copied, until the answer is that step: from then on the editor's own selection
 * is at the end too, or one step before it.
 */
import { hasOneCharacter, lastCharacterKeys } from "../../domain/last-character.ts";
import type { Guarded, LookKeys } from "../../ports/desktop.ts";
import { isBlank, isSameEnd } from "./same-text.ts";
import { look, press, type Work } from "./work.ts";

/** What one step back from the end copies, and the keys that do it. */
export interface End {
  readonly copied: string;
  readonly keys: LookKeys;
}

/** Given to the first answer, in milliseconds and times the composer's usual answer; to each later one, more. */
const SILENCE_FLOOR_MS = 100;
const SILENCE_FACTOR = 3;
const GROWTH = 1.5;
const LEAVE_MS = 500;

/**
 * Selects the last character of a composer that holds `text`. Null: that was not seen within `limitMs`. `isLeft`: nothing
 * stays selected, for the next key may be a person's.
 */
export async function selectEnd(
  work: Work,
  text: string,
  limitMs: number,
  isLeft = false,
): Promise<Guarded<{ readonly end: End | null }>> {
  const { profile, clock } = work;
  const until = clock.monotonic() + limitMs;
  let patienceMs = Math.max(SILENCE_FLOOR_MS, work.answerMs * SILENCE_FACTOR);
  let isPressed = work.isEndSelected;
  for (let round = 0; clock.monotonic() < until; round++) {
    const select = endKeys(work, text, round % 2 === 1);
    const again = isLeft ? select : [];
    const collapse = isLeft ? { collapse: { by: profile.caretEnd, again: select } } : {};
    const keys: LookKeys = { select, copy: profile.copy, ...collapse };
    let pressed = isPressed ? { ...keys, select: again } : keys;
    if (isPressed) round -= 1;
    isPressed = false;
    const roundUntil = Math.min(until, clock.monotonic() + patienceMs);
    for (let looks = 0; clock.monotonic() < roundUntil; looks++) {
      const looked = await look(work, pressed, roundUntil - clock.monotonic());
      if (!looked.ok) return looked;
      if (looked.look.kind === "silence") break;
      const copied = looked.look.content.text;
      if (isOneStep(copied) && isSameEnd(copied, text)) {
        work.isAllHeld = false;
        work.lookMs = Math.max(work.lookMs, looked.look.ms);
        work.timing.record(work.agent.name, "desktop", "look", looked.look.ms);
        return { ok: true, end: { copied, keys } };
      }
      // An editor may follow a little later, or only with the next key.
      pressed = looks % 2 === 0 ? { ...keys, select: again } : keys;
    }
    patienceMs *= GROWTH;
  }
  return { ok: true, end: null };
}

/**
 * Leaves the caret behind `text`. An editor that still held all to be selected when its window lost the focus would
 * replace all by the next key of a person.
 */
export async function leaveCaretBehind(work: Work, text: string): Promise<Guarded<object>> {
  const selected = await selectEnd(work, text, LEAVE_MS + work.answerMs * SILENCE_FACTOR, true);
  return selected.ok ? press(work, [work.profile.caretEnd]) : selected;
}

/**
 * Puts the caret at the end of a composer that may hold anything, so that the character that is typed next replaces
 * nothing. A silent one is given the time that composers usually take.
 */
export async function settleCaret(work: Work): Promise<Guarded<object>> {
  const { profile, clock } = work;
  const patienceMs = Math.max(SILENCE_FLOOR_MS, work.answerMs * SILENCE_FACTOR);
  const until = clock.monotonic() + LEAVE_MS + patienceMs;
  while (work.isAllHeld && clock.monotonic() < until) {
    const looked = await look(work, { select: endKeys(work, ""), copy: profile.copy }, patienceMs);
    if (!looked.ok) return looked;
    if (looked.look.kind === "silence" || isOneStep(looked.look.content.text)) break;
  }
  work.isAllHeld = false;
  return { ok: true };
}

/** Selects the last character; `isOther`: where the text runs the other way than it seems to. */
export function endKeys({ profile }: Work, text: string, isOther = false): readonly string[] {
  const [usual, other] = lastCharacterKeys(text);
  return [profile.caretEnd, isOther ? other : usual];
}

function isOneStep(copied: string): boolean {
  return hasOneCharacter(copied) || isBlank(copied);
}
