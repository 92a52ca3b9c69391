/** What a page that stood still answers when nobody waits for it any more. */
import { hasOneCharacter } from "../../domain/last-character.ts";
import { isLateMark, isMark, withoutLateMark } from "./control.ts";
import { hearOthers, isStrayCopy } from "./foreign.ts";
import { isTooLarge, keepDraft, keepOnce, keepOnDisk, ownTextIn } from "./keep-draft.ts";
import { isBlank, isSameEnd } from "./same-text.ts";
import type { Work } from "./work.ts";

/**
 * It tells only now what it held when it was first asked; the keys that came in one go behind that may have replaced it.
 * For the next attempt to put back.
 */
export async function keepLate(work: Work, answers: readonly string[]): Promise<void> {
  if (work.isDraftKnown || answers.length === 0) return;
  await hearOthers(work);
  const held = answers
    .map((answer) => ownTextIn(work, answer)?.rest ?? answer)
    .find((rest) => !isNobodys(work, rest) && !isTooLarge(rest));
  if (held === undefined) return;
  const text = withoutLateMark(work, held);
  if (text !== held) keepOnDisk(work, held);
  if (!keepOnce(work, text)) keepDraft(work, { text, flavors: {} });
}

function isNobodys(work: Work, answer: string): boolean {
  // What one step back from the end of our text copies: see `caret.ts`.
  const isEndOfOwn = hasOneCharacter(answer) && isSameEnd(answer, work.attempt.text);
  // Of a control of this page or another one.
  const isControl = isMark(answer) || isLateMark(work, answer);
  return isBlank(answer) || isControl || isEndOfOwn || isStrayCopy(work, answer);
}
