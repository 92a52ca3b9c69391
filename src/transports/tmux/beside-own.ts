/** What a person has typed before or behind a text of ours that stands in the composer. */
import { bare, isBlank, LEAST_TAIL, showsMark } from "./same-screen-text.ts";

/**
 * The rest of what is shown, without `own`, its end (where its beginning has scrolled out of sight) or the agent's mark
 * for it. Null: none of these is there, or they are all that is there is unknown.
 */
export function besideOwn(shown: string, own: string, longPaste: string): string | null {
  const mark = new RegExp(longPaste).exec(shown);
  if (mark && showsMark(mark[0], own, longPaste)) return cut(shown, mark.index, mark.index + mark[0].length);
  const wanted = bare(own);
  if (wanted === "") return null;
  const characters = compared(shown);
  const seen = characters.map(({ character }) => character).join("");
  const at = seen.indexOf(wanted);
  if (at >= 0) return without(shown, characters, at, at + wanted.length, own);
  for (let end = seen.length; end >= LEAST_TAIL; end--) {
    if (wanted.endsWith(seen.slice(0, end))) return without(shown, characters, 0, end, own);
  }
  return null;
}

interface Compared {
  /** One code unit of what is compared. */
  readonly character: string;
  /** Where the character it belongs to begins and ends in what is shown. */
  readonly from: number;
  readonly to: number;
}

function compared(shown: string): readonly Compared[] {
  const found: Compared[] = [];
  let from = 0;
  for (const character of shown) {
    const to = from + character.length;
    for (const unit of bare(character).split("")) found.push({ character: unit, from, to });
    from = to;
  }
  return found;
}

/** Emoji at the end of our text are not compared, and belong to it nevertheless. */
function without(shown: string, all: readonly Compared[], from: number, to: number, own: string): string {
  let end = all[to - 1]?.to ?? shown.length;
  const emoji = new Set(uncomparedEnd(own));
  let at = end;
  for (const character of shown.slice(end)) {
    at += character.length;
    if (emoji.has(character)) end = at;
    else if (!isBlank(character)) break;
  }
  return cut(shown, all[from]?.from ?? 0, end);
}

function uncomparedEnd(own: string): readonly string[] {
  const characters = [...own];
  const last = characters.findLastIndex((character) => bare(character) !== "");
  return characters.slice(last + 1).filter((character) => !isBlank(character));
}

function cut(shown: string, from: number, to: number): string {
  const rest = shown.slice(0, from) + shown.slice(to);
  return isBlank(rest) ? "" : rest.replace(/^\n+|\n+$/g, "");
}
