/** What stands in a composer, without its prompt, indent, footer and what is drawn faint. */
import type { TerminalProfile } from "../../domain/terminal-profile.ts";
import type { Row, Screen } from "../../ports/terminals.ts";
import type { Inner, Place } from "./inner-row.ts";

/** A box may keep its text so far from its side, in columns, besides the one that each side has. */
const BOX_PADDING = 2;

export function contentText(rows: readonly Inner[], { from, to }: Place, profile: TerminalProfile): string {
  const all = rows.slice(from, to + 1);
  const prompt = new RegExp(profile.prompt).exec(all[0]?.row.text ?? "")?.[0];
  const indent = prompt?.length ?? paddingOf(all);
  const lines = withoutFooter(all, profile).map(({ row }, i) => {
    const start = i === 0 && prompt !== undefined ? indent : Math.min(indent, row.text.search(/\S|$/));
    return visible(row, start);
  });
  return lines.join("\n").replace(/\s+$/, "").replace(/^\n+/, "");
}

/** What every line of a box has before it. */
function paddingOf(rows: readonly Inner[]): number {
  const written = rows.filter(({ row }) => row.text.trim() !== "");
  return Math.min(BOX_PADDING, ...written.map(({ row }) => row.text.search(/\S/)));
}

function withoutFooter(rows: readonly Inner[], { footer }: TerminalProfile): readonly Inner[] {
  const last = rows.findLastIndex(({ row }) => row.text.trim() !== "");
  const isFooter = last > 0 && footer.some((source) => new RegExp(source).test(rows[last]?.row.text ?? ""));
  return isFooter ? rows.slice(0, last) : rows;
}

/** What is not faint, from `start` on, without blanks at its end. */
function visible({ text, isFaint }: Row, start: number): string {
  let seen = "";
  for (let i = start; i < text.length; i++) seen += isFaint[i] && text[i] !== " " ? "" : (text[i] ?? "");
  return seen.trimEnd();
}

/** Up to the right side where there is one, else to the end of what is written or to that of the screen. */
export function roomIn({ columns }: Screen, rows: readonly Inner[], profile: TerminalProfile): number {
  const [first] = rows;
  const indent = new RegExp(profile.prompt).exec(first?.row.text ?? "")?.[0].length ?? paddingOf(rows);
  const written = Math.max(...rows.map(({ row }) => row.text.length));
  const isBoxed = first !== undefined && first.side !== "";
  return (isBoxed ? written : columns - (first?.left ?? 0)) - indent;
}
