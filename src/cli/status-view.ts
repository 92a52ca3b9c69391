/** `status` for people: one screen, the things that need somebody first. */
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

/** Agents shown at most; the rest is counted. */
const MOST_AGENTS = 16;

export function statusView(report: StatusReport, root: string, columns: number, paint: Paint): string {
  const parts = [
    head(report, root, columns, paint),
    countsLine(report, paint),
    metricsLine(report, columns),
    alertLines(report, columns, paint),
    agentLines(report, paint),
    messageLines(report, columns, paint),
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

function alertLines({ alerts }: StatusReport, columns: number, paint: Paint): string {
  return alerts
    .map(({ message }) => wrapped(message, columns, "alert: ", "       "))
    .map((text) => `${paint.bad(text)}\n`)
    .join("");
}

function agentLines({ agents }: StatusReport, paint: Paint): string {
  if (agents.size === 0) return "no agents; make some with `swarm init`\n";
  const all = [...agents];
  const busyFirst = [
    ...all.filter(([, agent]) => isBusy(agent)),
    ...all.filter(([, agent]) => !isBusy(agent)),
  ];
  const shown = new Set(busyFirst.slice(0, MOST_AGENTS).map(([name]) => name));
  const rows = all.filter(([name]) => shown.has(name)).map(([name, agent]) => agentRow(name, agent, paint));
  const header: Cell[] = [
    "agent",
    "transport",
    "queued",
    "delivering",
    "failed",
    "unconfirmed",
    "answers in",
  ].map((text, at) => ({
    text,
    paint: paint.faint,
    isRight: at > 1,
  }));
  const more = all.length - rows.length;
  return table([header, ...rows]) + (more > 0 ? `and ${counted(more, "more agent")}\n` : "");
}

function isBusy({ counts, transport }: AgentReport): boolean {
  return transport === null || Object.values(counts).some((count: number) => count > 0);
}

function agentRow(name: string, { transport, counts, delays }: AgentReport, paint: Paint): readonly Cell[] {
  const number = (count: number, brush?: (text: string) => string): Cell => ({
    text: count === 0 ? "-" : String(count),
    isRight: true,
    ...(count === 0 ? { paint: paint.faint } : brush ? { paint: brush } : {}),
  });
  const answer = delays.get("answer");
  return [
    { text: name },
    { text: transport ?? "removed", ...(transport === null && { paint: paint.warn }) },
    number(counts.queued),
    number(counts.delivering),
    number(counts.failed, paint.bad),
    number(counts.unconfirmed, paint.warn),
    { text: answer ? length(answer.medianMs) : "", isRight: true },
  ];
}

function messageLines({ spool, asOf }: StatusReport, columns: number, paint: Paint): string {
  if (spool.messages.length === 0) return "";
  const rows = spool.messages.map((stored) => messageRow(stored, asOf, paint));
  const room = Math.max(12, columns - tableWidth(rows.map((row) => row.slice(0, -1))) - 2);
  const fitting = (cell: Cell) => ({ ...cell, text: shortened(cell.text, room) });
  return table(rows.map((row) => [...row.slice(0, -1), ...row.slice(-1).map(fitting)]));
}

function messageRow({ message, state }: StoredMessage, now: number, paint: Paint): readonly Cell[] {
  const { status, error, nextAttemptAt } = state;
  const next =
    nextAttemptAt !== null && nextAttemptAt > now ? `, again in ${length(nextAttemptAt - now)}` : "";
  return [
    { text: message.id },
    { text: message.recipient },
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
