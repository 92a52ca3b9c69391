/**
 * Which alerts fire. Pure, and the same for the worker and for `status`, which needs none.
 *
 * An alert fires above its limit, and clears clearly below it, so that a rate that wavers around the limit is one incident:
 * - rates: at half of the limit, or when nothing has ended within the window;
 * - dead letters: when none lies too long, and those that did are done with. One that was queued again and waits, or has
 *   failed again, keeps the incident: else each vain `retry-failed` would end it, and begin another some minutes later.
 *
 * There is no least number of messages: one failure of two is told, for it may be all that was sent that hour.
 */
import { ALERT_CODES, type AlertCode, type Incident } from "../domain/alert.ts";
import type { DeadLetter } from "../ports/dead-letters.ts";
import type { Rates } from "./metrics.ts";

export interface AlertRules {
  /** Shares from 0 to 1 above which an alert fires; at 1 it never does. */
  readonly failureRate: number;
  readonly retryRate: number;
  /** Milliseconds that a dead letter may lie before an alert fires. */
  readonly failedForMs: number;
}

export interface AlertFacts {
  readonly rates: Rates;
  /** Those that have lain longest. */
  readonly deadLetters: readonly DeadLetter[];
  /** As `DeadLetters.isAnyUndone`; asked only where an incident hangs on it. */
  readonly isAnyUndone: (ids: readonly string[]) => boolean;
}

/** Of its limit, at which a rate's alert clears. */
export const CLEARS_AT = 0.5;
/** Dead letters remembered for an incident. */
const MOST_IDS = 100;

/** The incidents there are at `now`, in the order of `ALERT_CODES`; what has not changed is the same object as before. */
export function nextIncidents(
  rules: AlertRules,
  facts: AlertFacts,
  before: readonly Incident[],
  now: number,
): readonly Incident[] {
  return ALERT_CODES.flatMap((code) => {
    const known = before.find((incident) => incident.code === code) ?? null;
    return nextIncident(code, rules, facts, known, now) ?? [];
  });
}

function nextIncident(
  code: AlertCode,
  rules: AlertRules,
  facts: AlertFacts,
  known: Incident | null,
  now: number,
): Incident | null {
  switch (code) {
    case "failure_rate":
      return nextOfRate(code, facts.rates.failureRate, rules.failureRate, known, now);
    case "retry_rate":
      return nextOfRate(code, facts.rates.retryRate, rules.retryRate, known, now);
    case "failed_for":
      return nextOfDeadLetters(rules.failedForMs, facts, known, now);
    default:
      return code satisfies never;
  }
}

function nextOfRate(
  code: AlertCode,
  rate: number | null,
  limit: number,
  known: Incident | null,
  now: number,
): Incident | null {
  if (rate === null || limit >= 1) return null;
  if (rate > limit) return known ?? { code, since: now, isTold: false, ids: [] };
  return rate > limit * CLEARS_AT ? known : null;
}

function nextOfDeadLetters(
  limitMs: number,
  { deadLetters, isAnyUndone }: AlertFacts,
  known: Incident | null,
  now: number,
): Incident | null {
  const old = deadLetters.filter(({ failedAt }) => now - failedAt > limitMs);
  if (old.length === 0) return known && isAnyUndone(known.ids) ? known : null;
  // It began when the first one became too old, whoever was there to see it.
  const since = Math.min(...old.map(({ failedAt }) => failedAt)) + limitMs;
  const incident = known ?? { code: "failed_for", since, isTold: false, ids: [] };
  const added = old.map(({ id }) => id).filter((id) => !incident.ids.includes(id));
  return added.length === 0 ? incident : { ...incident, ids: [...incident.ids, ...added].slice(-MOST_IDS) };
}
