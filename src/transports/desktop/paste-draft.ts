/** Puts a draft into the composer in place of all that is there. */
import type { Content, Guarded, PasteLook } from "../../ports/desktop.ts";
import { isNarrower, isWidened, narrowed } from "./same-text.ts";
import { pasteAndLook, type Work } from "./work.ts";

/** For what is put back a page is waited for so long, in milliseconds. */
export const PATIENCE_MS = 3_000;

/**
 * In place of all. Editors that give each line break back as two are asked for half as many: else a draft would grow with
 * each message.
 */
export async function pasteDraft(work: Work, wanted: Content): Promise<Guarded<PasteLook>> {
  const half = { ...wanted, text: narrowed(wanted.text) };
  if (half.text === wanted.text) return pasteAll(work, wanted);
  const pasted = await pasteAll(work, work.isWidening ? half : wanted);
  if (!pasted.ok) return pasted;
  if (isNarrower(textOf(pasted), wanted.text)) return pasteAll(work, wanted);
  if (work.isWidening || !isWidened(textOf(pasted), wanted.text)) return pasted;
  work.isWidening = true;
  return pasteAll(work, half);
}

async function pasteAll(work: Work, content: Content): Promise<Guarded<PasteLook>> {
  const { profile } = work;
  const keys = {
    before: profile.selectAll,
    paste: profile.paste,
    selectAll: profile.selectAll,
    copy: profile.copy,
    // Nothing stays selected: the next key of the person would replace it.
    after: [profile.caretEnd],
  };
  const pasted = await pasteAndLook(work, content, keys, PATIENCE_MS);
  if (pasted.ok || pasted.mayBePressed) work.isTextSeen = false;
  return pasted;
}

/** Empty where nothing was answered. */
export function textOf({ look: last }: PasteLook): string {
  return last.kind === "text" ? last.content.text : "";
}
