/** The only place with colour, and the layout of what people read. */
import type { Status } from "../domain/status.ts";

export interface Paint {
  readonly strong: Brush;
  readonly faint: Brush;
  readonly good: Brush;
  readonly bad: Brush;
  readonly warn: Brush;
}

type Brush = (text: string) => string;

const plainBrush: Brush = (text) => text;
const PLAIN: Paint = {
  strong: plainBrush,
  faint: plainBrush,
  good: plainBrush,
  bad: plainBrush,
  warn: plainBrush,
};

/** chalk is loaded only where there is colour to make. */
export async function loadPaint(isColored: boolean): Promise<Paint> {
  if (!isColored) return PLAIN;
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  return { strong: chalk.bold, faint: chalk.dim, good: chalk.green, bad: chalk.red, warn: chalk.yellow };
}

/** The status in the colour that it means. */
export function paintStatus(paint: Paint, status: Status): string {
  switch (status) {
    case "delivered":
      return paint.good(status);
    case "failed":
      return paint.bad(status);
    case "unconfirmed":
    case "expired":
    case "cancelled":
      return paint.warn(status);
    case "queued":
    case "delivering":
      return status;
    default:
      return status satisfies never;
  }
}

export interface Cell {
  readonly text: string;
  readonly paint?: Brush;
  /** Numbers stand at the right. */
  readonly isRight?: boolean;
}

type Row = readonly (Cell | string)[];

const GAP = "  ";

/** Rows as aligned columns, two blanks apart. The last column is not padded. */
export function table(rows: readonly Row[], indent = ""): string {
  const widths = columnWidths(rows);
  return rows
    .map((row) => {
      const cells = row.map((cell, at) => alignedCell(cellOf(cell), widths[at] ?? 0, at === row.length - 1));
      return `${indent}${cells.join(GAP).trimEnd()}\n`;
    })
    .join("");
}

/** How many characters wide the table of these rows is. */
export function tableWidth(rows: readonly Row[]): number {
  const widths = columnWidths(rows);
  return (
    widths.reduce((sum, columnWidth) => sum + columnWidth, 0) + GAP.length * Math.max(0, widths.length - 1)
  );
}

function columnWidths(rows: readonly Row[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cellOf(cell).text));
  return widths;
}

function cellOf(cell: Cell | string): Cell {
  return typeof cell === "string" ? { text: cell } : cell;
}

function alignedCell(
  { text, paint = plainBrush, isRight = false }: Cell,
  columnWidth: number,
  isLast: boolean,
): string {
  const padding = " ".repeat(Math.max(0, columnWidth - width(text)));
  if (isRight) return padding + paint(text);
  return isLast ? paint(text) : paint(text) + padding;
}

function width(text: string): number {
  return [...text].length;
}

/** Cut to so many characters, with `…` where something is missing. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join("")}…`;
}

/** A line that may be coloured, cut to so many characters. */
export function clipped(line: string, columns: number): string {
  if (width(line.replace(COLOUR, "")) <= columns) return line;
  let room = columns - 1;
  const parts = line.split(COLOUR_OR_TEXT).map((part) => {
    if (part.startsWith("\u001b")) return part;
    const shown = [...part].slice(0, room);
    room -= shown.length;
    return shown.join("");
  });
  return `${parts.join("")}…`;
}

const COLOUR = /\u001b\[[\d;]*m/g;
const COLOUR_OR_TEXT = /(\u001b\[[\d;]*m)/;

/** On one line, without control characters: window titles and other programs' words go to the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}

/** Lines of at most `columns` characters where blanks allow it; the first begins with `first`, the others with `next`. */
export function wrapped(text: string, columns: number, first: string, next: string): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  // A figure and its "%" stay together.
  for (const word of text.split(/ (?!%)/)) {
    const longer = isEmpty ? line + word : `${line} ${word}`;
    if (isEmpty || width(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = next + word;
    }
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}

const NAME_WIDTH = 12;

/** A name, and what is to say of it. Coloured after the breaking into lines, which counts characters. */
export function factLine([name, value]: readonly [string, string], columns: number, paint: Paint): string {
  const text = wrapped(value, columns, `${name.padEnd(NAME_WIDTH)}  `, " ".repeat(NAME_WIDTH + 2));
  return `${paint.faint(text.slice(0, NAME_WIDTH))}${text.slice(NAME_WIDTH)}\n`;
}

/** `34 ms`, `1.2 s`, `3 min`, `2 h`, `4 d`: for people; scripts read `--json`. */
export function length(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${Math.floor(ms / 3_600_000)} h`;
  return `${Math.floor(ms / 86_400_000)} d`;
}

/** `1 message`, `2 messages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
