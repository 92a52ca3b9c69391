/** Telling from the last character that a text was pasted. */
import { unixLines } from "./clipboard.ts";

/**
 * True when `copied` can be the last character of a composer that `text` was pasted into at the end. Editors may drop
 * or turn blanks at the end, and some copy the whole last line.
 */
export function isTail(copied: string, text: string): boolean {
  return unixLines(text).trimEnd().endsWith(unixLines(copied).trim());
}

/**
 * What a composer held before a paste, of which something came in place of the text, and `now` is what stands there. What
 * came first (null: nothing) is an answer to a copy from before the paste, unless it is the end of more than a second one
 * of itself: then it is the last character of what another program had put there, and tells of nothing that stood there.
 */
export function heldBefore(early: string | null, now: string): string | null {
  const isEndOfOther =
    early !== null && isTail(early, now) && now.trim().length > early.trim().length * 2 + 1;
  return isEndOfOther ? null : early;
}
