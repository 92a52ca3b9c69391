/**
 * Whether a composer shows a text. A terminal wraps lines and pads them, and draws emoji, marks and joiners as it can
 * (tmux 3.3 drops the end of a family of four): every other character is compared, in order.
 */

/** How much of a text that is too tall for its composer must be seen, in characters. */
export const LEAST_TAIL = 24;

const NOT_COMPARED =
  /[\s\u00a0]|\p{Cf}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}/gu;

/** What is compared of a text. */
export function bare(text: string): string {
  return text.normalize("NFC").replace(NOT_COMPARED, "");
}

/** Nothing that could be seen. */
export function isBlank(text: string): boolean {
  return /^(?:\s|\p{Cf})*$/u.test(text);
}

export function showsAll(shown: string, text: string): boolean {
  const [seen, whole] = [bare(shown), bare(text)];
  // Of emoji alone nothing is compared but the first one.
  return seen === whole && (whole !== "" || firstOf(shown) === firstOf(text));
}

function firstOf(text: string): string {
  return [...text.trim()][0] ?? "";
}

/** Rows that one screen has shown twice: drawn alike, whatever they hold. */
export function sameRows(shown: string, known: string): boolean {
  return withoutBlanks(shown) === withoutBlanks(known);
}

/** The rows of `shown` are among those of `known`. */
export function hasRows(known: string, shown: string): boolean {
  return withoutBlanks(known).includes(withoutBlanks(shown));
}

function withoutBlanks(text: string): string {
  return text.replace(/\s/g, "");
}

/** The end of a text whose beginning has scrolled out of the composer. */
export function showsTail(shown: string, text: string): boolean {
  const [seen, whole] = [bare(shown), bare(text)];
  return seen.length >= Math.min(LEAST_TAIL, whole.length) && whole.endsWith(seen);
}

/** The agent's mark for a long paste, and nothing else; where it tells how long, it must be this text. */
export function showsMark(shown: string, text: string, mark: string): boolean {
  const found = new RegExp(`^${mark}$`).exec(shown.trim());
  if (!found) return false;
  // `#2` counts the pastes.
  const numbers = (found[0].match(/(?<![#\d])\d+/g) ?? []).map(Number);
  const lines = text.split("\n").length;
  const lengths = [lines - 1, lines, lines + 1, text.length, [...text].length];
  return numbers.length === 0 || numbers.some((number) => lengths.includes(number));
}
