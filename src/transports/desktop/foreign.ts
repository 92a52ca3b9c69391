/** What other programs copied in the moment of a paste: it may have been pasted instead of our text. */

import type { PasteLook } from "../../ports/desktop.ts";
import { isOwnText, keepDraft, keepOnDisk } from "./keep-draft.ts";
import { besideCopied, besides, edited, isBlank, isOfDraft, without } from "./same-text.ts";
import type { Work } from "./work.ts";

/** Which texts others have copied until now. What a driver that is gone has heard is lost with it. */
export async function hearOthers(work: Work): Promise<void> {
  const heard = await work.hands.copiedByOthers().catch(() => ({ texts: [], isMissing: false }));
  work.foreign = [...new Set([...work.foreign, ...heard.texts])];
  work.isCopyMissed ||= heard.isMissing;
}

/**
 * True when what stands there now, besides what was seen to stand there before, can only be what another program copied in
 * the moment of a paste, though that could not be read: nobody has touched the desktop since.
 */
export async function isMissedCopy({ isCopyMissed, knownAt, hands, clock }: Work): Promise<boolean> {
  return isCopyMissed && knownAt !== null && (await hands.untouchedMs()) > clock.monotonic() - knownAt;
}

/**
 * True when a paste of ours was of what another program had copied in that moment: it stands there alone, or beside the
 * draft or a text of ours.
 */
export function isStrayCopy(work: Work, text: string): boolean {
  const { draft } = work;
  return work.foreign.some((copied) => {
    // Beside the draft it may be short.
    const rest = besideCopied(text, copied) ?? (draft === null ? null : without(text, copied));
    if (rest === null) return false;
    return isBlank(rest) || isOwnText(work, rest) || (draft !== null && isOfDraft(rest, draft.content.text));
  });
}

/** The same; a person may have pasted it as well, so it is on disk before it goes. */
export function dropStrayCopy(work: Work, text: string): boolean {
  const isStray = isStrayCopy(work, text);
  if (isStray) keepOnDisk(work, text);
  return isStray;
}

/** True when another program's text was pasted. A draft beside it that no look had seen is saved. */
export function pastedInstead(work: Work, read: string): boolean {
  if (isStrayCopy(work, read)) return true;
  const rest = work.foreign.map((copied) => without(read, copied)).find((found) => found !== null) ?? null;
  return rest !== null && keepDraft(work, { text: rest, flavors: {} }) === null;
}

/** The same of a text that could not be read: it stands behind the draft, or in its place, and nobody typed it. */
export async function missedInstead(work: Work, read: string): Promise<boolean> {
  const { draft } = work;
  const rest =
    draft === null
      ? null
      : edited(read, draft.content.text) === null
        ? read
        : without(read, draft.content.text);
  if (rest === null || isBlank(rest) || !(await isMissedCopy(work))) return false;
  work.foreign = [...work.foreign, rest];
  return true;
}

/**
 * One paste of ours replaced all, and something else than what was offered stands there. Nobody can have typed that; where
 * another program's text went away before it could be read, it is that. On disk, as all that may be a person's after all.
 */
export async function notePastedInstead(
  work: Work,
  offered: string,
  { look, overtaken }: PasteLook,
): Promise<void> {
  if (overtaken !== null || look.kind !== "text") return;
  const { text } = look.content;
  const isOurs = isBlank(text) || isOwnText(work, text) || besides(text, work.attempt.text) !== null;
  if (isOurs || isOfDraft(text, offered) || without(text, offered) !== null) return;
  await hearOthers(work);
  if (!work.isCopyMissed || isStrayCopy(work, text)) return;
  keepOnDisk(work, text);
  work.foreign = [...work.foreign, text];
}
