/** The agents in `status`: those of which there is something to say, the urgent ones first; and the names of the others. */
import { AGENT_STATES, type AgentState } from "../app/agent-state.ts";
import type { AgentReport, StatusReport } from "../app/status-report.ts";
import { fittedTable, NAME_WIDTH } from "./fitted-table.ts";
import { type Cell, counted, length, type Paint, shortened, wrapped } from "./render.ts";
import { STEPS } from "./step-text.ts";

export interface Screen {
  /** In characters. */
  readonly columns: number;
  readonly rows: number;
}

/** Of all rows of a screen. */
const SHARE_OF_AGENTS = 0.4;
const LEAST_AGENTS = 5;
/** For the names of agents of which there is nothing to say. */
const READY_LINES = 3;

export function agentLines({ agents, asOf }: StatusReport, { columns, rows }: Screen, paint: Paint): string {
  if (agents.size === 0) return "no agents; make some with `swarm init`\n";
  const all = [...agents];
  const busy = AGENT_STATES.filter((state) => state !== "ready").flatMap((state) =>
    all.filter(([, agent]) => agent.state.name === state),
  );
  const ready = all.filter(([, { state }]) => state.name === "ready").map(([name]) => name);
  const most = Math.max(LEAST_AGENTS, Math.floor(rows * SHARE_OF_AGENTS));
  const shown = busy.slice(0, most).map(([name, agent]) => agentRow(name, agent, asOf, paint));
  const names = ["agent", "by", "state", "waiting", "failed", "answers in"];
  const header = names.map((text, at): Cell => ({ text, paint: paint.faint, isRight: at > 2 }));
  const rowsOfAgents = shown.length === 0 ? "" : fittedTable([header, ...shown], 2, columns, true);
  const more = busy.length - shown.length;
  return [
    rowsOfAgents,
    more > 0 ? `and ${counted(more, "more agent")} that wait or fail\n` : "",
    readyLine(ready, columns, paint),
  ].join("");
}

/** All names where they fit on a few lines. */
function readyLine(names: readonly string[], columns: number, paint: Paint): string {
  if (names.length === 0) return "";
  const start = `${names.length} ready: `;
  const room = READY_LINES * (columns - start.length) - 12;
  let length = 0;
  const fitting = names.filter((name) => {
    length += name.length + 2;
    return length <= room;
  });
  const more = names.length - fitting.length;
  const text = `${fitting.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${wrapped(text, columns, start, " ".repeat(start.length)).replace(start, paint.good(start))}\n`;
}

function agentRow(
  name: string,
  { transport, counts, state, delays }: AgentReport,
  now: number,
  paint: Paint,
): readonly Cell[] {
  const number = (count: number, brush?: (text: string) => string): Cell => ({
    text: count === 0 ? "-" : String(count),
    isRight: true,
    ...(count === 0 ? { paint: paint.faint } : brush ? { paint: brush } : {}),
  });
  const answer = delays.get("answer");
  return [
    { text: shortened(name, NAME_WIDTH) },
    { text: transport ?? "", paint: paint.faint },
    { text: stateText(state, counts, now), paint: brushOf(state, paint) },
    number(counts.queued + counts.delivering),
    number(counts.failed + counts.unconfirmed, paint.bad),
    { text: answer ? length(answer.medianMs) : "", isRight: true },
  ];
}

function stateText({ name, because }: AgentState, counts: AgentReport["counts"], now: number): string {
  const error = because?.state.error;
  const nextAt = because?.state.nextAttemptAt ?? null;
  const again = nextAt !== null && nextAt > now ? `, again in ${length(nextAt - now)}` : "";
  switch (name) {
    case "person_needed":
      return `needs you: ${error?.code}`;
    case "failing":
      return `${counts.failed > 0 ? "failing" : "unconfirmed"}: ${error?.code ?? "see its messages"}`;
    case "removed":
      return "no longer in the configuration";
    case "paused":
      return "paused: swarm resume lets it go on";
    case "delivering":
      return `delivering${because?.state.step ? `: ${STEPS[because.state.step]}` : ""}`;
    case "waiting":
      return error ? `waits: ${error.code}${again}` : "waits";
    case "ready":
      return "ready";
    default:
      return name satisfies never;
  }
}

function brushOf({ name }: AgentState, paint: Paint): (text: string) => string {
  if (name === "person_needed" || name === "removed" || name === "paused") return paint.warn;
  return name === "failing" ? paint.bad : (text) => text;
}
