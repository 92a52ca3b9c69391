/**
 * When two texts are the same. Rich editors give line breaks back doubled and count a lone line break as empty: texts
 * are equal when they are so up to runs of line breaks and trailing blanks, every other character being exactly the same.
 */
import { hasOneCharacter } from "../../domain/last-character.ts";

export function sameText(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

/** True when the composer held nothing that a person would miss. */
export function isBlank(text: string): boolean {
  return plain(text) === "";
}

/** What `whole` holds besides `part`, which stands once at its end, its beginning or in between; null: it is not there. */
export function without(whole: string, part: string): string | null {
  const all = plain(whole);
  const piece = plain(part);
  const at = all.lastIndexOf(piece);
  if (piece === "" || at < 0 || all.indexOf(piece) !== at) return null;
  return plain(`${all.slice(0, at)}\n${all.slice(at + piece.length)}`);
}

/** True when `end` can be the last character of `text`. */
export function isSameEnd(end: string, text: string): boolean {
  return plain(text).endsWith(plain(end));
}

/** True when `read` is the text with nothing but its last character missing. */
export function isCut(read: string, text: string): boolean {
  const [kept, whole] = [plain(read), plain(text)];
  return kept !== "" && kept !== whole && whole.startsWith(kept) && hasOneCharacter(whole.slice(kept.length));
}

/** True when a paste put the draft there once more: from a copy that a page which stood still answered late. */
export function isDoubled(now: string, draft: string): boolean {
  return !isBlank(draft) && (sameText(now, draft + draft) || sameText(now, `${draft}\n${draft}`));
}

/** True when what is read now is the draft that is known, once more, or a part of it: nothing that a person added. */
export function isOfDraft(now: string, draft: string): boolean {
  return isDoubled(now, draft) || plain(draft).includes(plain(now));
}

/** What a text holds twice, or null: `my draft` of `my draftmy draft`. */
export function halfOf(text: string): string | null {
  const all = plain(text);
  const middle = all.length / 2;
  if (all === "") return null;
  if (Number.isInteger(middle))
    return all.slice(0, middle) === all.slice(middle) ? all.slice(0, middle) : null;
  const isSplit =
    all[Math.floor(middle)] === "\n" && all.slice(0, Math.floor(middle)) === all.slice(Math.ceil(middle));
  return isSplit ? all.slice(0, Math.floor(middle)) : null;
}

function plain(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t\u00a0]+(?=\n|$)/g, "")
    .replace(/\n{2,}/g, "\n")
    .replace(/^\n|\n$/g, "");
}
