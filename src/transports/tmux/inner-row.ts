/** Rows of a screen without the frame around them. */
import type { Row } from "../../ports/terminals.ts";

const SIDE_LEFT = /^\s*[│┃|║▌▏▎┆╎] ?/;
const SIDE_RIGHT = /\s*[│┃|║▐▕┆╎]\s*$/;
const FRAME = /^[\s│┃╭╮╰╯┌┐└┘├┤┏┓┗┛╔╗╚╝╹╻▀▄▁▔─━═]*[─━═▀▄▁▔]{3,}[\s│┃╭╮╰╯┌┐└┘├┤┏┓┗┛╔╗╚╝╹╻▀▄▁▔─━═]*$/;
const CORNER_ONLY = /^\s*[╭╮╰╯┌┐└┘┏┓┗┛╔╗╚╝╹╻▀▄]\s*$/;
/** A row without its sides. */
export interface Inner {
  readonly row: Row;
  /** Where it begins on the screen, in columns. */
  readonly left: number;
  readonly isFrame: boolean;
  /** The character of its left side, or "". */
  readonly side: string;
}

export function inner(row: Row): Inner {
  const left = SIDE_LEFT.exec(row.text)?.[0] ?? "";
  const right = left === "" ? 0 : (SIDE_RIGHT.exec(row.text.slice(left.length))?.[0].length ?? 0);
  const end = row.text.length - right;
  return {
    row: { text: row.text.slice(left.length, end), isFaint: row.isFaint.slice(left.length, end) },
    left: left.length,
    isFrame: FRAME.test(row.text) || CORNER_ONLY.test(row.text),
    side: left.trim(),
  };
}

/** Screen rows of what looks like a composer, first and last. */
export interface Place {
  readonly from: number;
  readonly to: number;
}
