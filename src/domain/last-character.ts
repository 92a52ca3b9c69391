/** Selecting the last character of a text with keys. */

/** Enough of the text for its first two characters, which may have many parts (a family of emoji). */
const LONGEST_CHARACTER = 64;

/** True when the text is nothing, or one character as a person counts: selecting its last one selects all of it. */
export function hasOneCharacter(text: string): boolean {
  const characters = new Intl.Segmenter().segment(text.slice(0, LONGEST_CHARACTER))[Symbol.iterator]();
  characters.next();
  return characters.next().done === true;
}

/** The text without its last character as a person counts. */
export function withoutLastCharacter(text: string): string {
  const tail = text.slice(-LONGEST_CHARACTER);
  const last = [...new Intl.Segmenter().segment(tail)].at(-1)?.segment ?? "";
  return text.slice(0, text.length - last.length);
}

/** The chord that selects the last character, and the one that does so where the text runs the other way. */
export function lastCharacterKeys(text: string): readonly [string, string] {
  const first = /\p{L}/u.exec(text)?.[0] ?? "a";
  return RIGHT_TO_LEFT.test(first) ? ["Shift+Right", "Shift+Left"] : ["Shift+Left", "Shift+Right"];
}

/** Hebrew, Arabic, Syriac, Thaana, NKo and their presentation forms. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
