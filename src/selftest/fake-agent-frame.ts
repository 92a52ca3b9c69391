/** What the fake agent shows: its transcript, and below it a composer with a frame, or a dialog in its place. */

export interface AgentLook {
  /** Of the terminal, in characters. */
  readonly columns: number;
  readonly rows: number;
  readonly transcript: readonly string[];
  /** What is seen in the composer. */
  readonly composed: string;
  /** A question in front of the composer, or null. */
  readonly dialog: string | null;
  readonly isBusy: boolean;
  readonly isCursorShown: boolean;
}

const PLACEHOLDER = "Type your message";
/** Rows of the composer. */
const TALLEST = 10;

/** All that is written to the terminal to show it. */
export function frameOf(look: AgentLook): string {
  const { columns, transcript, dialog, isBusy, isCursorShown } = look;
  const width = columns - 7;
  const shown = wrapped(look.composed, width).slice(-TALLEST);
  const isEmpty = look.composed === "";
  const edge = (left: string, right: string) => `${left}${"─".repeat(columns - 2)}${right}`;
  const middle =
    dialog === null
      ? shown.map((row, i) => composerRow(isEmpty ? null : row, i === 0, width))
      : [`  ${dialog}`, "  ❯ 1. Yes", "    2. No, and tell it what to do"];
  const composer = [edge("╭", "╮"), ...middle, edge("╰", "╯")];
  const above = transcript.slice(-Math.max(0, look.rows - composer.length - 2));
  const state = isBusy ? "✦ Working… (esc to interrupt)" : "◇ Ready";
  const frame = `\u001b[?25l\u001b[H\u001b[2J${[...above, ...composer, ` ${state}`].join("\r\n")}`;
  if (dialog !== null || !isCursorShown) return frame;
  const y = above.length + composer.length - 1;
  const x = 5 + (isEmpty ? 0 : widthOf(shown.at(-1) ?? ""));
  return `${frame}\u001b[${y};${x}H\u001b[?25h`;
}

/** `text` is null where the composer is empty. */
function composerRow(text: string | null, isFirst: boolean, width: number): string {
  const body = text ?? `\u001b[2m${PLACEHOLDER}\u001b[22m`;
  const cells = widthOf(text ?? PLACEHOLDER);
  return `│ ${isFirst ? ">" : " "} ${body}${" ".repeat(Math.max(0, width - cells))}  │`;
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const rows: string[] = [];
    let row = "";
    let cells = 0;
    for (const character of line.replace(/\t/g, "    ")) {
      const size = cellsOf(character);
      if (cells + size > width) {
        rows.push(row);
        row = "";
        cells = 0;
      }
      row += character;
      cells += size;
    }
    return [...rows, row];
  });
}

/** Good enough to draw a frame by. */
function cellsOf(character: string): number {
  if (/\p{Mn}|\u200d|\ufe0f/u.test(character)) return 0;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u.test(
    character,
  )
    ? 2
    : 1;
}

const widthOf = (row: string) => [...row].reduce((cells, character) => cells + cellsOf(character), 0);
