/** Telling from the last character that a text was pasted. */
import { unixLines } from "./clipboard.ts";

/**
 * True when `copied` can be the last character of a composer that `text` was pasted into at the end. Editors may drop
 * or turn blanks at the end, and some copy the whole last line.
 */
export function isTail(copied: string, text: string): boolean {
  return unixLines(text).trimEnd().endsWith(unixLines(copied).trim());
}
