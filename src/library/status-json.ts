/** `status --json`. Public: names and meanings do not change. */
import type { AgentReport, StatusReport } from "../app/status-report.ts";
import type { Config } from "../config/config.ts";
import type { AlertCommandFailure } from "../domain/alert.ts";
import type * as api from "./answers.ts";
import { iso, messageJson } from "./message-json.ts";

export function statusJson(report: StatusReport, config: Config): api.StatusReport {
  const { asOf, workerPid, spool, agents, metrics, alerts, alertCommandFailure, lock } = report;
  return {
    as_of: iso(asOf),
    worker: { running: workerPid !== null, pid: workerPid },
    counts: spool.counts,
    agents: Object.fromEntries([...agents].map(([name, agent]) => [name, agentJson(agent)])),
    metrics,
    alerts: alerts.map(({ since, ...alert }) => ({ ...alert, since: iso(since) })),
    alert_command: alertCommandFailure && failureJson(alertCommandFailure),
    lock,
    oldest_waiting_at: iso(spool.oldestWaitingAt),
    drops: spool.drops,
    bad: spool.bad,
    messages: spool.messages.map((stored) => messageJson(stored, config)),
  };
}

function failureJson({ at, event, code, reason }: AlertCommandFailure): api.AlertCommandReport {
  return { failed_at: iso(at), event, code, reason };
}

function agentJson({ transport, counts, state, delays }: AgentReport): api.AgentReport {
  const steps = [...delays].map(([step, { medianMs, p95Ms }]) => [
    step,
    { median_ms: medianMs, p95_ms: p95Ms },
  ]);
  const reason = state.because?.state.error?.code ?? null;
  return { transport, state: state.name, reason, ...counts, delays: Object.fromEntries(steps) };
}
