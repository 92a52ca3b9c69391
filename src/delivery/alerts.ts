/** Which alerts fire: computed from what `status` sees, so that it needs no worker. */
import type { Alert } from "../domain/alert.ts";
import type { Metrics } from "./metrics.ts";

export interface AlertRules {
  /** Shares from 0 to 1 above which an alert fires. */
  readonly failureRate: number;
  readonly retryRate: number;
  /** Milliseconds that a dead letter may lie before an alert fires. */
  readonly failedForMs: number;
}

/** `oldestFailedAt`: when the longest lying dead letter failed, in milliseconds since 1970, or null without any. */
export function firingAlerts(
  rules: AlertRules,
  metrics: Metrics,
  oldestFailedAt: number | null,
  now: number,
): readonly Alert[] {
  const alerts: Alert[] = [];
  const failureRate = metrics.success_rate === null ? 0 : 1 - metrics.success_rate;
  if (failureRate > rules.failureRate) {
    const limit = percent(rules.failureRate);
    alerts.push({
      code: "failure_rate",
      message: `${percent(failureRate)} of messages were not delivered; the limit is ${limit}; see why: swarm status`,
    });
  }
  if (metrics.retry_rate !== null && metrics.retry_rate > rules.retryRate) {
    const limit = percent(rules.retryRate);
    alerts.push({
      code: "retry_rate",
      message: `${percent(metrics.retry_rate)} of messages needed more than one attempt; the limit is ${limit}`,
    });
  }
  if (oldestFailedAt !== null && now - oldestFailedAt > rules.failedForMs) {
    const minutes = Math.floor((now - oldestFailedAt) / 60_000);
    alerts.push({
      code: "failed_for",
      message: `a message has been failed for ${minutes} minutes; mend its cause, then: swarm retry-failed`,
    });
  }
  return alerts;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
