/** `status` for people: one screen, the things that need somebody first. */
import type { StatusReport } from "../app/status-report.ts";
import { STATUSES } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import { shortTime } from "./clock.ts";
import { fittedTable, NAME_WIDTH } from "./fitted-table.ts";
import {
  type Cell,
  counted,
  length,
  oneLine,
  type Paint,
  paintStatus,
  shortened,
  wrapped,
} from "./render.ts";
import { agentLines, type Screen } from "./status-agents.ts";

/** Of what a failed command said, in characters. */
const MOST_OF_REASON = 320;

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

function head(report: StatusReport, root: string, columns: number, paint: Paint): string {
  const { lock, asOf } = report;
  const lines = [paint.strong(shortened(root, columns)), workerLine(report, paint)];
  if (lock?.holder) {
    const { pid, purpose, since } = lock.holder;
    const age = length(Math.max(0, asOf - Date.parse(since)));
    const waiting = lock.waiting.length > 0 ? `; ${lock.waiting.length} waiting` : "";
    const text = `desktop ${lock.display} for ${age}: ${oneLine(purpose)} (process ${pid})${waiting}`;
    lines.push(wrapped(text, columns, "", "  "));
  }
  return `${lines.join("\n")}\n`;
}

/** Where messages wait and nobody is there to deliver them, that is the first thing to know. */
function workerLine({ workerPid, agents }: StatusReport, paint: Paint): string {
  if (workerPid !== null) return `worker ${workerPid} runs`;
  const isWaiting = [...agents.values()].some(
    ({ counts, state }) => counts.queued + counts.delivering > 0 && state.name !== "paused",
  );
  return isWaiting
    ? paint.warn("no worker runs, and messages wait; start one: swarm worker")
    : "no worker runs; one starts with the next message";
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

function messageLines({ spool, asOf }: StatusReport, { columns }: Screen, paint: Paint): string {
  if (spool.messages.length === 0) return "";
  return fittedTable(
    spool.messages.map((stored) => messageRow(stored, asOf, paint)),
    4,
    columns,
    false,
  );
}

function messageRow({ message, state }: StoredMessage, now: number, paint: Paint): readonly Cell[] {
  const { status } = state;
  return [
    { text: message.id },
    { text: shortened(message.recipient, NAME_WIDTH) },
    { text: status, paint: (text) => text.replace(status, paintStatus(paint, status)) },
    { text: length(Math.max(0, now - message.acceptedAt)), isRight: true },
    { text: messageNote({ message, state }, now) },
  ];
}

function messageNote({ message, state }: Pick<StoredMessage, "message" | "state">, now: number): string {
  const { error, nextAttemptAt } = state;
  const next =
    nextAttemptAt !== null && nextAttemptAt > now ? `, again in ${length(nextAttemptAt - now)}` : "";
  if (error) return `${error.code}${next}`;
  const priority = message.priority === "normal" ? [] : [message.priority];
  const { notBefore } = message;
  const start = notBefore !== null && notBefore > now ? [`for ${shortTime(notBefore, now)}`] : [];
  return [...priority, ...start].join(", ");
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
