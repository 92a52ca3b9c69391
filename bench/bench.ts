/**
 * Measures every figure that the project promises, and holds it against its limit: `npm run bench`, or
 * `npm run bench -- send-no-wait status` for some. Only a whole run writes `docs/benchmarks.md`.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { line, page } from "./report.ts";
import { type Figure, figureOf, type Row } from "./row.ts";
import { desktopRows } from "./rows/desktop.ts";
import { geminiRows } from "./rows/gemini.ts";
import { lockRow } from "./rows/lock.ts";
import { memoryRows } from "./rows/memory.ts";
import { sendRows } from "./rows/send.ts";
import { statusRow } from "./rows/status.ts";
import { storeRows } from "./rows/store.ts";
import { tmuxRows } from "./rows/tmux.ts";

const PAGE = "docs/benchmarks.md";
const ROUNDS = 20;
const ROWS: readonly Row[] = [
  ...sendRows,
  ...storeRows,
  ...desktopRows,
  ...tmuxRows,
  ...geminiRows,
  statusRow,
  lockRow,
  ...memoryRows,
];

/** Returns the exit code: 0 when every figure that was measured is within its limit. */
export default async function runBench(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(
      `no row is called ${unknown.join(", ")}; there are: ${ROWS.map(({ name }) => name).join(", ")}`,
    );
    return 2;
  }
  process.chdir(resolve(import.meta.dirname, ".."));
  // It slows every start of node by reading certificates, and so would flatter the ratios.
  const authorities = process.env["NODE_EXTRA_CA_CERTS"];
  if (authorities !== undefined) process.env["SWT_AUTHORITIES"] = authorities; // npm needs them to install an agent
  for (const name of ["NODE_EXTRA_CA_CERTS", "DISPLAY", "WAYLAND_DISPLAY"]) delete process.env[name];
  if (spawnSync(process.execPath, ["build.js"], { stdio: "inherit" }).status !== 0) return 1;
  const figures: Figure[] = [];
  for (const row of ROWS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const figure = figureOf(row, await row.measure(ROUNDS));
    figures.push(figure);
    console.log(line(figure));
  }
  if (names.length === 0) writeFileSync(PAGE, page(figures, ROUNDS));
  return figures.every(({ isWithin }) => isWithin) ? 0 : 1;
}
