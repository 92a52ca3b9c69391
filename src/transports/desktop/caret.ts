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
import type { Work } from "./work.ts";

/** What one step back from the end copies, and the keys that do it. */
export interface End {
  readonly copied: string;
  readonly keys: LookKeys;
}

/** Given to the answers, in milliseconds and times the composer's usual answer: to each, and to all together. */
const SILENCE_FLOOR_MS = 150;
const SILENCE_FACTOR = 3;
const ALL_FLOOR_MS = 1_000;
const ALL_FACTOR = 6;

/** Selects the last character of a composer that holds `text`. Null: that could not be seen. */
export async function selectEnd(work: Work, text: string): Promise<Guarded<{ readonly end: End | null }>> {
  const { hands, profile, clock } = work;
  if (hasOneCharacter(text.trim())) return { ok: true, end: null };
  const until = clock.monotonic() + Math.max(ALL_FLOOR_MS, work.answerMs * ALL_FACTOR);
  const patienceMs = Math.max(SILENCE_FLOOR_MS, work.answerMs * SILENCE_FACTOR);
  for (const back of lastCharacterKeys(text)) {
    const keys: LookKeys = { select: [profile.caretEnd, back], copy: profile.copy };
    let pressed = keys;
    while (clock.monotonic() < until) {
      const looked = await hands.look(pressed, patienceMs);
      if (!looked.ok) return looked;
      if (looked.look.kind === "silence") break;
      const copied = looked.look.content.text;
      if (isOneStep(copied) && isSameEnd(copied, text)) return { ok: true, end: { copied, keys } };
      pressed = { ...keys, select: [] };
    }
  }
  return { ok: true, end: null };
}

function isOneStep(copied: string): boolean {
  return hasOneCharacter(copied) || isBlank(copied);
}
