/** `status --prometheus`: the same figures as text for Prometheus. Public: names and meanings do not change. */
import { Gauge, Registry } from "prom-client";
import type { StatusReport } from "../app/status-report.ts";
import { ALERT_CODES } from "../domain/alert.ts";

/** Durations are in seconds, shares from 0 to 1, as Prometheus wants them. What nothing tells is left out. */
export function prometheusText(report: StatusReport): Promise<string> {
  const { asOf, workerPid, spool, agents, metrics, alerts, lock } = report;
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `swarm_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  const single = (name: string, help: string, value: number | null) => {
    if (value !== null) gauge(name, help).set(value);
  };
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
  const age = (at: number | null) => (at === null ? 0 : Math.max(0, asOf - at) / 1_000);

  single("worker_running", "1 while a worker delivers", workerPid === null ? 0 : 1);
  const messages = gauge("messages", "Messages by state, finished ones as far back as they are kept", [
    "status",
  ]);
  for (const [status, count] of Object.entries(spool.counts)) messages.set({ status }, count);
  const byAgent = gauge("agent_messages", "Messages by agent that are not delivered", ["agent", "status"]);
  for (const [agent, { counts }] of agents)
    for (const [status, count] of Object.entries(counts)) byAgent.set({ agent, status }, Number(count));
  single("oldest_waiting_seconds", "Age of the message that waits longest", age(spool.oldestWaitingAt));
  single("oldest_failed_seconds", "How long the oldest dead letter has lain", age(oldestFailedAt(report)));
  single("success_ratio", "Delivered, of those that ended within the window", metrics.success_rate);
  single("retry_ratio", "Of those that ended: needed more than one attempt", metrics.retry_rate);
  single("recovery_ratio", "Of those that needed more than one attempt: delivered", metrics.recovery_rate);
  single("delivery_seconds_average", "From acceptance to delivery", seconds(metrics.average_delivery_ms));
  single("delivery_seconds_p95", "The same for 95 of a hundred", seconds(metrics.p95_delivery_ms));
  single(
    "lock_wait_seconds_p95",
    "Wait for the desktop, of 95 of a hundred",
    seconds(metrics.lock_wait_p95_ms),
  );
  single("desktop_waiting", "Processes in line for the desktop", lock?.waiting.length ?? 0);
  single("dropped_files", "Files of other programs that were not taken in yet", spool.drops);
  single("bad_files", "Files that could not be accepted", spool.bad.total);
  const firing = gauge("alert", "1 while the alert fires", ["code"]);
  for (const code of ALERT_CODES) firing.set({ code }, alerts.some((alert) => alert.code === code) ? 1 : 0);
  return registry.metrics();
}

function oldestFailedAt({ spool }: StatusReport): number | null {
  const times = spool.longestFailed.map(({ failedAt }) => failedAt);
  return times.length === 0 ? null : Math.min(...times);
}
