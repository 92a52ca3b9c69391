/**
 * Finds the composer on a screen and reads it.
 *
 *   frame row   only lines and corners: ╭───╮  ────  ┗━━┛
 *   sides       a line's border at its left and right end: │ … │   ┃ …
 *   prompt      what the profile says stands before the first line: `> `
 *   footer      the last line in a box, where the profile says that it is the agent's own: `Build · model`
 *
 * The cursor stands in the composer, or else (agents that park it) the composer is the lowest prompt between two frame
 * rows. A place that is neither is unknown, and a screen without a known place is never typed into.
 */
import type { TerminalProfile } from "../../domain/terminal-profile.ts";
import type { Screen } from "../../ports/terminals.ts";
import { contentText, roomIn } from "./composer-text.ts";
import { type Inner, inner, type Place } from "./inner-row.ts";

export type Reading =
  | {
      readonly kind: "composer";
      /** What a person or swarm put there: its rows joined by line breaks, without frame, prompt, indent and placeholder. */
      readonly text: string;
      /** Room for text in each of its rows, in cells. */
      readonly width: number;
      /** Screen rows, first and last. */
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "dialog"; readonly line: string }
  | { readonly kind: "unknown" };

/** A choice of a menu, and the one that is marked. */
const CHOICE = /^\s*(?:[❯›>●○▶•*]\s*)?\(?(\d{1,2})[.):]\s+\S/;
const MARKED_CHOICE = /^\s*[❯›>●▶•*]\s*\(?(\d{1,2})[.):]\s+\S/;
const CHOICES_APART = 3;
/** Rows between a box and the composer below it. A box further up is history. */
const BOX_APART = 10;
/** So many rows up a composer's first line is looked for. */
const TALLEST = 100;

export function readComposer(screen: Screen, profile: TerminalProfile): Reading {
  const rows = screen.rows.map(inner);
  const place = atCursor(screen, rows, profile);
  const asked = place ? (boxedMenu(rows, place) ?? askedBelow(rows, place, profile)) : null;
  if (asked !== null) return { kind: "dialog", line: asked };
  if (place && !isMenu(screen, rows, place)) return contentOf(screen, rows, place, profile);
  // Only now: what the agent and people say above a composer can read like a dialog.
  const dialog = dialogLine(rows, profile);
  if (dialog !== null) return { kind: "dialog", line: dialog };
  const parked = lowestPrompt(rows, profile);
  return parked ? contentOf(screen, rows, parked, profile) : { kind: "unknown" };
}

/** A line of a dialog that was not there before, outside of the composer. */
export function newDialog(
  before: Screen,
  now: Screen,
  profile: TerminalProfile,
  composer: { readonly from: number; readonly to: number },
): string | null {
  const known = new Set(before.rows.map((row) => inner(row).row.text.trim()));
  const rows = now.rows.map(inner).filter((_, y) => y < composer.from || y > composer.to);
  return dialogLine(
    rows.filter(({ row }) => !known.has(row.text.trim())),
    profile,
  );
}

function dialogLine(rows: readonly Inner[], profile: TerminalProfile): string | null {
  const patterns = profile.dialog.map((source) => new RegExp(source, "i"));
  const found = rows.find(({ row }, i) => patterns.some((p) => p.test(row.text)) || isMarkedChoice(rows, i));
  return found ? found.row.text.trim() : null;
}

/** `❯ 1. Yes` with another choice near it: a prompt before a text that begins with a number has none. */
function isMarkedChoice(rows: readonly Inner[], at: number): boolean {
  const number = MARKED_CHOICE.exec(rows[at]?.row.text ?? "")?.[1];
  if (number === undefined) return false;
  const near = rows.slice(Math.max(0, at - CHOICES_APART), at + CHOICES_APART + 1);
  return near.some(({ row }) => {
    const other = CHOICE.exec(row.text);
    return (
      other !== null && !MARKED_CHOICE.test(row.text) && Math.abs(Number(other[1]) - Number(number)) === 1
    );
  });
}

/** A menu in a box of its own right above the composer: its agent is about to start anew with the answer. */
function boxedMenu(rows: readonly Inner[], { from }: Place): string | null {
  const at = rows.findLastIndex(({ side }, y) => y < from && side !== "" && isMarkedChoice(rows, y));
  const end = rows.findIndex(({ side }, y) => y > at && side === "");
  return at < 0 || from - end > BOX_APART ? null : (rows[at]?.row.text.trim() ?? "");
}

/** What stands below a composer is the agent's own: a question there is about what looks like a composer. */
function askedBelow(rows: readonly Inner[], { from, to }: Place, profile: TerminalProfile): string | null {
  // A list that opens while a command is typed.
  if (/^\s*[/@]/.test(contentText(rows, { from, to }, profile))) return null;
  return dialogLine(rows.slice(to + 1), profile);
}

/** The marked choice looks like a prompt, but the cursor does not stand behind what follows it. */
function isMenu(screen: Screen, rows: readonly Inner[], { from, to }: Place): boolean {
  if (!isMarkedChoice(rows, from)) return false;
  const written = (screen.rows[screen.cursor.y]?.text ?? "").trimEnd();
  return screen.cursor.y !== to || screen.cursor.x < written.length;
}

function atCursor(screen: Screen, rows: readonly Inner[], profile: TerminalProfile): Place | null {
  const at = rows[screen.cursor.y];
  if (!at || at.isFrame) return null;
  const from = firstRow(rows, screen.cursor.y, profile);
  if (from === null || isOnPrompt(screen, rows, from, profile)) return null;
  return { from, to: lastRow(rows, screen.cursor.y) };
}

/** Where text is typed the cursor stands behind the prompt; in a menu it may stand on the mark of a choice. */
function isOnPrompt(
  { cursor }: Screen,
  rows: readonly Inner[],
  from: number,
  profile: TerminalProfile,
): boolean {
  const row = rows[from];
  if (!row || cursor.y !== from) return false;
  const prompt = new RegExp(profile.prompt).exec(row.row.text)?.[0] ?? "";
  return cursor.x < row.left + prompt.trimEnd().length;
}

/** Up from the cursor to the prompt, or in a box without one to its top. */
function firstRow(rows: readonly Inner[], cursorRow: number, profile: TerminalProfile): number | null {
  const prompt = new RegExp(profile.prompt);
  const { top, isBounded } = regionAbove(rows, cursorRow);
  if (rows[cursorRow]?.side !== "") {
    const first = rows.findIndex(({ row }, y) => y >= top && row.text.trim() !== "");
    if (first <= cursorRow && prompt.test(rows[first]?.row.text ?? "")) return first;
    return isBounded ? top : null;
  }
  // Lines of the text may look like a prompt as well: they stand further right, as all lines below the prompt do.
  let found: number | null = null;
  let rightmost = Number.POSITIVE_INFINITY;
  for (let y = cursorRow; y >= top; y--) {
    const row = rows[y]?.row.text ?? "";
    const column = row.trim() === "" ? Number.POSITIVE_INFINITY : row.search(/\S/);
    if (column < rightmost && prompt.test(row)) found = y;
    rightmost = Math.min(rightmost, column);
  }
  return found;
}

/** The rows above the cursor that have the same sides, up to the frame. */
function regionAbove(
  rows: readonly Inner[],
  cursorRow: number,
): { readonly top: number; readonly isBounded: boolean } {
  const side = rows[cursorRow]?.side;
  for (let y = cursorRow; y >= 0 && cursorRow - y < TALLEST; y--) {
    const row = rows[y];
    if (!row || row.isFrame || row.side !== side) return { top: y + 1, isBounded: true };
  }
  return { top: Math.max(0, cursorRow - TALLEST + 1), isBounded: false };
}

/** Down to the frame, or without one to the end of what is written. */
function lastRow(rows: readonly Inner[], cursorRow: number): number {
  const side = rows[cursorRow]?.side ?? "";
  let last = cursorRow;
  for (let y = cursorRow + 1; y < rows.length; y++) {
    const row = rows[y];
    if (!row || row.isFrame || row.side !== side) break;
    if (side === "" && row.row.text.trim() === "") break;
    last = y;
  }
  return last;
}

/** The lowest prompt that stands right between frame rows. */
function lowestPrompt(rows: readonly Inner[], profile: TerminalProfile): Place | null {
  const prompt = new RegExp(profile.prompt);
  for (let y = rows.length - 1; y > 0; y--) {
    const row = rows[y];
    if (!row || row.isFrame || !rows[y - 1]?.isFrame || !prompt.test(row.row.text)) continue;
    const to = rows.findIndex((other, i) => i > y && other.isFrame) - 1;
    return to >= y ? { from: y, to } : null;
  }
  return null;
}

function contentOf(screen: Screen, rows: readonly Inner[], place: Place, profile: TerminalProfile): Reading {
  const text = contentText(rows, place, profile);
  const isPlaceholder = profile.placeholder.some((source) => new RegExp(source).test(text.trim()));
  const width = roomIn(screen, rows.slice(place.from, place.to + 1), profile);
  return { kind: "composer", text: isPlaceholder ? "" : text, width, ...place };
}
