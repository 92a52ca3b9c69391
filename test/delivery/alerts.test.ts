import { expect, test } from "vitest";
import { firingText } from "../../src/delivery/alert-text.ts";
import { type AlertFacts, nextIncidents } from "../../src/delivery/alerts.ts";
import { NO_METRICS, ratesOf, recordEnd } from "../../src/delivery/metrics.ts";
import type { Incident } from "../../src/domain/alert.ts";
import { ACCEPTED_AT, aState } from "./messages.ts";

const MINUTE = 60_000;
const RULES = { failureRate: 0.1, retryRate: 0.2, failedForMs: 5 * MINUTE };
const QUIET: AlertFacts = {
  rates: { failureRate: 0, retryRate: 0 },
  deadLetters: [],
  isAnyUndone: () => {
    throw new Error("nobody needs to know");
  },
};

/** The codes that fire after each of these shares, one after the other. */
function failureRates(...shares: readonly (number | null)[]): readonly (readonly string[])[] {
  let incidents: readonly Incident[] = [];
  return shares.map((failureRate, at) => {
    incidents = nextIncidents(RULES, { ...QUIET, rates: { failureRate, retryRate: 0 } }, incidents, at);
    return incidents.map(({ code }) => code);
  });
}

test("a rate's alert fires above its limit and not at it, and stays until the rate is half of that", () => {
  const [none, firing] = [[], ["failure_rate"]];
  expect(failureRates(0, 0.1, 0.11, 0.1, 0.051, 0.05, 0.1, 0.11)).toEqual([
    none,
    none,
    firing,
    firing,
    firing,
    none,
    none,
    firing,
  ]);
});

test("a rate that wavers around its limit is one incident, since its beginning", () => {
  let incidents: readonly Incident[] = [];
  const seen = new Set<Incident>();
  for (let at = 1; at <= 100; at += 1) {
    const retryRate = at % 2 === 0 ? 0.19 : 0.21;
    incidents = nextIncidents(RULES, { ...QUIET, rates: { failureRate: 0, retryRate } }, incidents, at);
    for (const incident of incidents) seen.add(incident);
  }
  expect([...seen]).toEqual([{ code: "retry_rate", since: 1, isTold: false, ids: [] }]);
});

test("a window in which nothing ended clears a rate's alert", () => {
  expect(failureRates(1, null)).toEqual([["failure_rate"], []]);
});

test("one failure of two fires, as it does of a hundred and one", () => {
  expect(failureRates(1 / 2)).toEqual([["failure_rate"]]);
  const incidents = nextIncidents(
    { ...RULES, failureRate: 0.01 },
    { ...QUIET, rates: { failureRate: 2 / 101, retryRate: 0 } },
    [],
    0,
  );
  expect(incidents).toHaveLength(1);
});

test("one failure of exactly a hundred is not above one percent", () => {
  let data = NO_METRICS;
  for (let count = 0; count < 100; count += 1) {
    const status = count === 0 ? "failed" : "delivered";
    data = recordEnd(
      data,
      aState({ status, finishedAt: ACCEPTED_AT, totalAttempts: 1 }),
      ACCEPTED_AT,
      60 * MINUTE,
    );
  }
  const rates = ratesOf(data, ACCEPTED_AT + MINUTE, 60 * MINUTE);
  expect(nextIncidents({ ...RULES, failureRate: 0.01 }, { ...QUIET, rates }, [], 0)).toEqual([]);
});

test("a limit of 1 switches a rate's alert off, also while it fires", () => {
  const rules = { ...RULES, failureRate: 1 };
  const known: Incident = { code: "failure_rate", since: 0, isTold: true, ids: [] };
  const facts = { ...QUIET, rates: { failureRate: 1, retryRate: 0 } };
  expect(nextIncidents(rules, facts, [known], 1)).toEqual([]);
});

test("a dead letter's alert fires when it lies too long, and began at that very moment", () => {
  const facts = { ...QUIET, deadLetters: [{ id: "a", failedAt: MINUTE }] };
  expect(nextIncidents(RULES, facts, [], 6 * MINUTE)).toEqual([]);
  expect(nextIncidents(RULES, facts, [], 60 * MINUTE)).toEqual([
    { code: "failed_for", since: 6 * MINUTE, isTold: false, ids: ["a"] },
  ]);
});

test("a dead letter's alert stays while one that lay too long waits or fails again, and ends when all are done with", () => {
  const old = { ...QUIET, deadLetters: [{ id: "a", failedAt: 0 }] };
  const fired = nextIncidents(RULES, old, [], 6 * MINUTE);
  const asked: string[] = [];
  const retried = (isUndone: boolean, deadLetters: AlertFacts["deadLetters"]) => ({
    ...QUIET,
    deadLetters,
    isAnyUndone: (ids: readonly string[]) => {
      asked.push(...ids);
      return isUndone;
    },
  });
  const waits = nextIncidents(RULES, retried(true, []), fired, 7 * MINUTE);
  expect(waits).toEqual(fired);
  const failedAgain = retried(true, [{ id: "a", failedAt: 8 * MINUTE }]);
  expect(nextIncidents(RULES, failedAgain, waits, 9 * MINUTE)).toEqual(fired);
  expect(firingText("failed_for", RULES, failedAgain, 9 * MINUTE)).toContain("was queued again");
  // Another one that has failed just now is none of this incident.
  const another = retried(false, [{ id: "b", failedAt: 8 * MINUTE }]);
  expect(nextIncidents(RULES, another, waits, 9 * MINUTE)).toEqual([]);
  expect(new Set(asked)).toEqual(new Set(["a"]));
});

test("however many dead letters there are, an incident remembers few of them", () => {
  let incidents: readonly Incident[] = [];
  for (let round = 0; round < 50; round += 1) {
    const deadLetters = Array.from({ length: 20 }, (_, i) => ({ id: `${round}-${i}`, failedAt: 0 }));
    incidents = nextIncidents(RULES, { ...QUIET, deadLetters }, incidents, 6 * MINUTE);
  }
  expect(incidents[0]?.ids).toHaveLength(100);
  expect(incidents[0]?.ids.at(-1)).toBe("49-19");
});
