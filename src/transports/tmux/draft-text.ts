/** A person's half-typed prompt, put together from what a composer showed of it row by row. */
import { hasRows, sameRows } from "./same-screen-text.ts";

/** Characters that take two cells of a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff01-\uff60]|\p{Emoji_Presentation}/gu;
/** Composers keep so many cells free at the right, at most. */
const MARGIN = 3;

/** Without the line breaks that the composer made because its `width` (in cells) was used up. */
export function unwrapped(text: string, width: number): string {
  const [first = "", ...rows] = text.split("\n");
  let last = first;
  return rows.reduce((whole, row) => {
    const glue = isBroken(last, row, width) ? (isFull(last, width) ? "" : " ") : "\n";
    last = row;
    return whole + glue + row;
  }, first);
}

/** The next word did not fit behind the row. */
function isBroken(row: string, next: string, width: number): boolean {
  const word = /^\S+/.exec(next)?.[0];
  return word !== undefined && cells(row) + 1 + cells(word) > width - MARGIN;
}

/** A word that is longer than a row goes on in the next. */
function isFull(row: string, width: number): boolean {
  return cells(row) >= width - 1 && !row.endsWith(" ");
}

function cells(text: string): number {
  return [...text].length + (text.match(WIDE)?.length ?? 0);
}

/**
 * What is known of a draft, with what a composer shows after a part of it was taken out: rows that had been scrolled
 * out of sight come first, or where the cursor stood further up, last.
 */
export function withRevealed(known: string, shown: string): string {
  if (hasRows(known, shown)) return known;
  const [before, now] = [known.split("\n"), shown.split("\n")];
  const above = overlap(now, before);
  const below = overlap(before, now);
  return above >= below
    ? [...now.slice(0, now.length - above), ...before].join("\n")
    : [...before, ...now.slice(below)].join("\n");
}

/** How many of the last rows of `upper` are the first ones of `lower`. */
function overlap(upper: readonly string[], lower: readonly string[]): number {
  for (let count = Math.min(upper.length, lower.length); count > 0; count--) {
    const end = upper.slice(upper.length - count);
    if (end.every((row, i) => sameRows(row, lower[i] ?? ""))) return count;
  }
  return 0;
}

/** What is left of `whole` when one stretch of it was taken out: at its beginning, in its middle, or at its end. */
export function isCutFrom(whole: string, left: string): boolean {
  let same = 0;
  while (same < left.length && left[same] === whole[same]) same++;
  return left.length < whole.length && whole.endsWith(left.slice(same));
}
