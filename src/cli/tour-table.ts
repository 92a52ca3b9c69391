/** How a tour ended: agent, place, point, delays and state of each. */
import { readLearnedDelays } from "../app/learned-delays.ts";
import type { Agent, InputPoint } from "../domain/agent.ts";
import type { ErrorCode } from "../domain/errors.ts";
import { type Cell, length, oneLine, type Paint, shortened, table, tableWidth } from "./render.ts";

export type Stop =
  | {
      readonly state: "calibrated";
      readonly place: string;
      readonly input?: InputPoint;
      readonly raiseMs?: number | null;
      readonly answerMs: number | null;
    }
  | { readonly state: "failed"; readonly code: ErrorCode }
  | { readonly state: "kept" | "skipped" | "not yet" };

/** Places are shortened where the terminal is narrow. */
export function tourTable(
  agents: readonly Agent[],
  stops: ReadonlyMap<string, Stop>,
  root: string,
  columns: number,
  paint: Paint,
): string {
  const learned = readLearnedDelays(root);
  const rows = (placeWidth: number, isNarrow: boolean) => [
    ["agent", "window or pane", "point", right("raise"), right("answer"), "state"].map((cell) =>
      typeof cell === "string"
        ? { text: shortened(cell, placeWidth), paint: paint.faint }
        : { ...cell, paint: paint.faint },
    ),
    ...agents.map((agent) => {
      const stop = stops.get(agent.name) ?? { state: "not yet" as const };
      const delay = (step: string) => learned.get(agent.name)?.get(step)?.medianMs ?? null;
      const isCalibrated = stop.state === "calibrated";
      const answerMs = isCalibrated ? stop.answerMs : (delay("answer") ?? delay("paste"));
      const raiseMs = isCalibrated ? (stop.raiseMs ?? null) : delay("raise");
      return [
        { text: agent.name, paint: paint.strong },
        shortened(oneLine(isCalibrated ? stop.place : placeOf(agent)), placeWidth),
        pointText(isCalibrated ? stop.input : inputOf(agent), isNarrow),
        right(raiseMs === null ? "" : length(raiseMs)),
        right(answerMs === null ? "" : length(answerMs)),
        stateCell(stop, isNarrow, paint),
      ];
    }),
  ];
  const longest = Math.max(0, ...agents.map((agent) => [...placeText(agent, stops)].length));
  const fitting = (isNarrow: boolean) => {
    const over = tableWidth(rows(Number.POSITIVE_INFINITY, isNarrow)) - columns;
    return over <= 0 ? Number.POSITIVE_INFINITY : longest - over;
  };
  const isNarrow = fitting(false) < NARROWEST;
  return table(rows(Math.max(NARROWEST, fitting(isNarrow)), isNarrow));
}

/** Of a place. Where there is no room for it, corners and codes are left out. */
const NARROWEST = 14;

function placeText(agent: Agent, stops: ReadonlyMap<string, Stop>): string {
  const stop = stops.get(agent.name);
  return oneLine(stop?.state === "calibrated" ? stop.place : placeOf(agent));
}

function placeOf(agent: Agent): string {
  switch (agent.transport) {
    case "desktop":
      return agent.windowTitle;
    case "tmux":
      return agent.pane;
    case "inbox":
      return "";
    default:
      return agent satisfies never;
  }
}

function inputOf(agent: Agent): InputPoint | undefined {
  return agent.transport === "desktop" ? agent.input : undefined;
}

function pointText(input: InputPoint | undefined, isNarrow: boolean): string {
  return input ? `${input.x}, ${input.y}${isNarrow ? "" : ` ${input.from}`}` : "";
}

function right(text: string): Cell {
  return { text, isRight: true };
}

function stateCell(stop: Stop, isNarrow: boolean, paint: Paint): Cell {
  switch (stop.state) {
    case "calibrated":
      return { text: "calibrated", paint: paint.good };
    case "kept":
      return { text: "kept" };
    case "failed":
      return { text: isNarrow ? "failed" : stop.code, paint: paint.bad };
    case "skipped":
    case "not yet":
      return { text: stop.state, paint: paint.warn };
    default:
      return stop satisfies never;
  }
}
