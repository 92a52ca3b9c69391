/** The figures as a table: in the terminal, and in `docs/benchmarks.md`. */
import { cpus, release, totalmem } from "node:os";
import type { Figure, Spread } from "./row.ts";

const COMMAND = "npm run bench";

export function line(figure: Figure): string {
  const { row, own, value, isWithin } = figure;
  const mark = isWithin ? "within" : "MISSED";
  const measured = figure.other ? `: ${spread(own, row.unit)} against ${otherText(figure)}` : "";
  const note = figure.note === null ? "" : ` (${figure.note})`;
  return `${mark.padEnd(7)} ${shown(figure, value).padStart(9)}  (at most ${shown(figure, row.limit)})  ${row.work}${measured}${note}`;
}

export function page(figures: readonly Figure[], rounds: number): string {
  const { model } = cpus()[0] ?? { model: "unknown" };
  return `# Benchmarks

Measured by \`${COMMAND}\`, which builds swarm first and writes this page. Every figure is the median of ${rounds} rounds or more; where it is
held against something else, both were measured in turn in one run, and the figure is the ratio of their medians. In
brackets: the least and the most.

- Machine: ${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB
- System: ${process.platform} ${release()}, Node ${process.versions.node}
- Date: ${new Date().toISOString().slice(0, 10)}

| work | measured | against | measured | figure | at most |
|---|---|---|---|---|---|
${figures.map(tableLine).join("\n")}

## What is counted

- *Whole process*: from starting node to its end, as a script or a person waits for it.
- *Accept*, *drain*: the bare loops do what durability costs and nothing else: write, sync, rename, sync the folder.
- *Desktop delivery*: from the durable accept to the end: window raised, draft looked for, text read back, Enter, proof that
  it was submitted, and clipboard, pointer and window put back. The hand sequence and the blind one click, copy, paste and
  press Enter over the same connection, prove nothing, put nothing back, and their time ends with Enter. Both kinds of
  composer (a text area and Lexical) take turns; a pause before each delivery keeps the hand's own keys from counting as a
  person's.
- *Terminal agents*: the fake agent and Gemini CLI run in a tmux server of the benchmark's own, Gemini CLI against a model
  server on loopback, whose requests say what arrived. The delivery to the fake agent counts from the durable accept; those
  to Gemini CLI are attempts without the queue around them. A text counts as right when the model received it once, whole.
- *Memory*: resident, of the worker's process.
`;
}

function tableLine(figure: Figure): string {
  const { row, own, value } = figure;
  const cells = [
    figure.note === null ? row.work : `${row.work}: ${figure.note}`,
    spread(own, row.unit),
    row.against ?? "",
    otherText(figure),
    `**${shown(figure, value)}**`,
    `${shown(figure, row.limit)}${row.aim === undefined ? "" : `, aim ${shown(figure, row.aim)}`}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function shown({ row }: Figure, value: number): string {
  if (row.against === null) return `${rounded(value)} ${row.unit}`;
  return value < 0.2 ? `1/${rounded(1 / value)}` : `${value.toFixed(2)} ×`;
}

function otherText({ row, other, otherWrong }: Figure): string {
  if (!other) return "";
  return `${spread(other, row.unit)}${otherWrong > 0 ? `; ${otherWrong} more went wrong` : ""}`;
}

function spread({ min, median, max }: Spread, unit: string): string {
  return `${rounded(median)} ${unit} (${rounded(min)} – ${rounded(max)})`;
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}
