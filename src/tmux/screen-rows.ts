/**
 * What `capture-pane -e` prints, as rows of text with what is faint: dim, or of a grey colour of its own, as
 * agents draw the placeholder of an empty composer.
 */
import type { Row } from "../ports/terminals.ts";

interface Style {
  isDim: boolean;
  isGrey: boolean;
  /** The VT100 character set of lines and corners. */
  isDrawing: boolean;
}

/** Sequences of a captured line: SGR, hyperlinks and other OSC, the two character sets, anything else. */
const SEQUENCE =
  /\u001b\[([\d;:]*)m|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u000e|\u000f|\u001b\[[\d;:?]*[@-~]|\u001b[@-Z\\-_]/g;
const DRAWN: Readonly<Record<string, string>> = { x: "│", q: "─" };
/** Of 256 colours: bright black, and the greys between black and white. */
const GREYS = { brightBlack: 8, from: 236, to: 250 } as const;
const GREY_SPREAD = 24;
const GREY_BRIGHTEST = 190;
const GREY_DARKEST = 60;

/** The style of one line goes on in the next. */
export function screenRows(lines: readonly string[]): readonly Row[] {
  const style: Style = { isDim: false, isGrey: false, isDrawing: false };
  return lines.map((line) => rowOf(line, style));
}

function rowOf(line: string, style: Style): Row {
  let text = "";
  const isFaint: boolean[] = [];
  const add = (piece: string) => {
    const drawn = style.isDrawing ? piece.replace(/[a-z]/g, (letter) => DRAWN[letter] ?? "+") : piece;
    text += drawn;
    for (let i = 0; i < drawn.length; i++) isFaint.push(style.isDim || style.isGrey);
  };
  let at = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[0] === "\u000e") style.isDrawing = true;
    else if (match[0] === "\u000f") style.isDrawing = false;
    else if (match[1] !== undefined) applySgr(match[1], style);
  }
  add(line.slice(at));
  return { text, isFaint };
}

function applySgr(parameters: string, style: Style): void {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const length = codes[i + 1] === 5 ? 2 : 4;
      if (code === 38) style.isGrey = isGrey(codes.slice(i + 1, i + 1 + length));
      i += length;
    } else if (code === 0) {
      style.isDim = false;
      style.isGrey = false;
    } else if (code === 2) style.isDim = true;
    else if (code === 22) style.isDim = false;
    else if ((code >= 30 && code <= 37) || code === 39 || (code >= 91 && code <= 97)) style.isGrey = false;
    else if (code === 90) style.isGrey = true;
  }
}

/** `5, n` of 256 colours, or `2, r, g, b`. */
function isGrey([kind, ...values]: readonly number[]): boolean {
  if (kind === 5) {
    const [index = 0] = values;
    return index === GREYS.brightBlack || (index >= GREYS.from && index <= GREYS.to);
  }
  const [red = 0, green = 0, blue = 0] = values.slice(-3);
  const brightest = Math.max(red, green, blue);
  const isColourless = brightest - Math.min(red, green, blue) <= GREY_SPREAD;
  return isColourless && brightest >= GREY_DARKEST && brightest <= GREY_BRIGHTEST;
}
