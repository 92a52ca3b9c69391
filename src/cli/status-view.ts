/** `status` for people: one screen, the things that need somebody first. */
import { AGENT_STATES, type AgentState } from "../app/agent-state.ts";
import type { AgentReport, StatusReport } from "../app/status-report.ts";
import { STATUSES } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import {
  type Cell,
  counted,
  length,
  oneLine,
  type Paint,
  paintStatus,
  shortened,
  table,
  tableWidth,
  wrapped,
} from "./render.ts";

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
const NAME_WIDTH = 24;
/** Of what a failed command said, in characters. */
const MOST_OF_REASON = 320;
/** A text that is cut shorter says nothing. */
const LEAST_ROOM = 8;

export function statusView(report: StatusReport, root: string, screen: Screen, paint: Paint): string {
  const { columns } = screen;
  const parts = [
    head(report, root, columns, paint),
    countsLine(report, paint),
    metricsLine(report, columns),
    alertLines(report, columns, paint),
    agentLines(report, screen, paint),
    messageLines(report, screen, paint),
    oddities(report, columns, paint),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function head({ workerPid, lock }: StatusReport, root: string, columns: number, paint: Paint): string {
  const worker =
    workerPid === null ? "no worker runs; one starts with the next message" : `worker ${workerPid} runs`;
  const lines = [paint.strong(shortened(root, columns)), worker];
  if (lock?.holder) {
    const { pid, purpose, since } = lock.holder;
    const waiting = lock.waiting.length > 0 ? `; ${lock.waiting.length} waiting` : "";
    lines.push(
      shortened(
        `desktop ${lock.display} is held by process ${pid} (${oneLine(purpose)}) since ${since.slice(11, 19)}${waiting}`,
        columns,
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}

function countsLine({ spool }: StatusReport, paint: Paint): string {
  const shown = STATUSES.filter(
    (status) =>
      spool.counts[status] > 0 || status === "queued" || status === "delivered" || status === "failed",
  );
  return `${shown.map((status) => `${spool.counts[status]} ${paintStatus(paint, status)}`).join("   ")}\n`;
}

function metricsLine({ metrics }: StatusReport, columns: number): string {
  const { success_rate, average_delivery_ms, p95_delivery_ms, retry_rate, recovery_rate, lock_wait_p95_ms } =
    metrics;
  const parts = [
    ...(success_rate === null ? [] : [`${percent(success_rate)} delivered`]),
    ...(average_delivery_ms === null
      ? []
      : [`${length(average_delivery_ms)} on average, 95 % within ${length(p95_delivery_ms ?? 0)}`]),
    ...(retry_rate
      ? [`${percent(retry_rate)} retried, ${percent(recovery_rate ?? 0)} of these delivered`]
      : []),
    ...(lock_wait_p95_ms === null ? [] : [`95 % had the desktop within ${length(lock_wait_p95_ms)}`]),
  ];
  return parts.length === 0 ? "" : `${wrapped(parts.join("; "), columns, "", "")}\n`;
}

function alertLines(report: StatusReport, columns: number, paint: Paint): string {
  const { alerts, alertCommandFailure, asOf } = report;
  const firing = alerts.map(({ message, since }) => {
    const age = since === null ? "" : `for ${length(Math.max(0, asOf - since))}: `;
    return `${paint.bad(wrapped(age + message, columns, "alert: ", "       "))}\n`;
  });
  if (alertCommandFailure === null) return firing.join("");
  const { at, event, code, reason } = alertCommandFailure;
  const told = `the alert command failed ${length(Math.max(0, asOf - at))} ago, when ${code} ${event}: ${oneLine(reason)}`;
  return `${firing.join("")}${paint.warn(wrapped(shortened(told, MOST_OF_REASON), columns, "", ""))}\n`;
}

/** Those of which there is something to say, the urgent ones first; and the names of the others. */
function agentLines({ agents, asOf }: StatusReport, { columns, rows }: Screen, paint: Paint): string {
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
  const rowsOfAgents = shown.length === 0 ? "" : fitted([header, ...shown], 2, columns, true);
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

const STEPS = {
  claimed: "writing the inbox file",
  intent: "at the input field",
  typed: "read back",
  submitted: "submitted",
} as const;

function brushOf({ name }: AgentState, paint: Paint): (text: string) => string {
  if (name === "person_needed" || name === "removed" || name === "paused") return paint.warn;
  return name === "failing" ? paint.bad : (text) => text;
}

/** A table whose column `flexible` is cut so that it fits the screen. Columns that say nothing are left out. */
function fitted(
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

function messageLines({ spool, asOf }: StatusReport, { columns }: Screen, paint: Paint): string {
  if (spool.messages.length === 0) return "";
  return fitted(
    spool.messages.map((stored) => messageRow(stored, asOf, paint)),
    4,
    columns,
    false,
  );
}

function messageRow({ message, state }: StoredMessage, now: number, paint: Paint): readonly Cell[] {
  const { status, error, nextAttemptAt } = state;
  const next =
    nextAttemptAt !== null && nextAttemptAt > now ? `, again in ${length(nextAttemptAt - now)}` : "";
  return [
    { text: message.id },
    { text: shortened(message.recipient, NAME_WIDTH) },
    { text: status, paint: (text) => text.replace(status, paintStatus(paint, status)) },
    { text: length(Math.max(0, now - message.acceptedAt)), isRight: true },
    { text: error ? `${error.code}${next}` : message.priority === "normal" ? "" : message.priority },
  ];
}

/** What lies about and was not understood, or not yet taken in. */
function oddities({ spool }: StatusReport, columns: number, paint: Paint): string {
  const { bad, drops } = spool;
  const lines = bad.files.map(({ file, reason }) => shortened(`  ${file}: ${oneLine(reason)}`, columns));
  const more = bad.total - bad.files.length;
  return [
    drops > 0 ? `${counted(drops, "file")} in runtime/queue/drop not taken in yet\n` : "",
    bad.total > 0
      ? `${paint.warn(`${counted(bad.total, "file")} in runtime/queue/bad could not be accepted:`)}\n${lines.join("\n")}\n`
      : "",
    more > 0 ? `  and ${more} more\n` : "",
  ].join("");
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
