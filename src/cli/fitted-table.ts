/** Tables that fit the terminal. */
import { type Cell, shortened, table, tableWidth } from "./render.ts";

/** Of an agent, in characters. */
export const NAME_WIDTH = 24;
/** A text that is cut shorter says nothing. */
const LEAST_ROOM = 8;

/** A table whose column `flexible` is cut so that it fits the screen. Columns that say nothing are left out. */
export function fittedTable(
  rows: readonly (readonly Cell[])[],
  flexible: number,
  columns: number,
  hasHeader: boolean,
): string {
  const isTold = (at: number) =>
    rows.slice(hasHeader ? 1 : 0).some((row) => ![undefined, "", "-"].includes(row[at]?.text));
  const others = rows.map((row) => row.filter((_, at) => at !== flexible && isTold(at)));
  const room = columns - tableWidth(others) - 2;
  return table(
    rows.map((row) =>
      row.flatMap((cell, at) => {
        if (at !== flexible) return isTold(at) ? [cell] : [];
        return room < LEAST_ROOM ? [] : [{ ...cell, text: shortened(cell.text, room) }];
      }),
    ),
  );
}
