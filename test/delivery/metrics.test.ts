import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type MetricsData,
  metricsOf,
  NO_METRICS,
  parseMetrics,
  recordEnd,
} from "../../src/delivery/metrics.ts";
import { MetricsRecorder } from "../../src/delivery/metrics-recorder.ts";
import { freshRoot } from "./fresh-folder.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryLog } from "./memory-log.ts";
import { ACCEPTED_AT, aMessage, aState } from "./messages.ts";

const HOUR = 3_600_000;

/** A message that ended so many milliseconds after its acceptance. */
function ended(
  data: MetricsData,
  status: "delivered" | "failed" | "unconfirmed" | "cancelled",
  ms: number,
  attempts = 1,
) {
  const state = aState({ status, finishedAt: ACCEPTED_AT + ms, totalAttempts: attempts });
  return recordEnd(data, state, ACCEPTED_AT, HOUR);
}

test("a message that waited for a person was not tried again", () => {
  const counted = (totalAttempts: number, handedBack: number) => {
    const state = aState({ status: "delivered", finishedAt: ACCEPTED_AT, totalAttempts, handedBack });
    return metricsOf(recordEnd(NO_METRICS, state, ACCEPTED_AT, HOUR), ACCEPTED_AT, HOUR).retry_rate;
  };
  expect([counted(1, 0), counted(600, 599), counted(3, 1)]).toEqual([0, 0, 1]);
});

test("without any message every figure is unknown, not zero", () => {
  expect(metricsOf(NO_METRICS, ACCEPTED_AT, HOUR)).toEqual({
    success_rate: null,
    average_delivery_ms: null,
    p95_delivery_ms: null,
    retry_rate: null,
    recovery_rate: null,
    lock_wait_p95_ms: null,
  });
});

test("rates and durations are those of the messages that ended in the window", () => {
  let data = NO_METRICS;
  for (let ms = 100; ms <= 1000; ms += 100) data = ended(data, "delivered", ms);
  data = ended(data, "delivered", 3000, 3);
  data = ended(data, "failed", 4000, 3);
  data = ended(data, "unconfirmed", 5000);
  data = ended(data, "cancelled", 6000);
  const metrics = metricsOf(data, ACCEPTED_AT + 10_000, HOUR);
  expect(metrics.success_rate).toBeCloseTo(11 / 13);
  expect(metrics.retry_rate).toBeCloseTo(2 / 13);
  expect(metrics.recovery_rate).toBe(0.5);
  expect(metrics.average_delivery_ms).toBe(Math.round(8500 / 11));
  expect(metrics.p95_delivery_ms).toBe(3000);
});

test("what is older than the window counts no more", () => {
  const data = ended(ended(NO_METRICS, "failed", 0), "delivered", HOUR + 60_000);
  expect(metricsOf(data, ACCEPTED_AT + HOUR + 120_000, HOUR).success_rate).toBe(1);
});

test("however many messages end, what is kept stays small", () => {
  let data = NO_METRICS;
  for (let count = 0; count < 3000; count += 1) data = ended(data, "delivered", count * 10_000);
  expect(JSON.stringify(data).length).toBeLessThan(50_000);
});

test("a recorder's figures are there for the next worker, and a damaged file is started afresh", async () => {
  const path = join(freshRoot(), "metrics.json");
  const clock = new ManualClock(ACCEPTED_AT + 500);
  const log = new MemoryLog();
  const deps = { path, clock, log, windowMs: () => HOUR };
  const recorder = new MetricsRecorder(deps);
  recorder.settled(
    aMessage(),
    aState({ status: "delivered", finishedAt: ACCEPTED_AT + 250, totalAttempts: 1 }),
  );
  recorder.lockWait(12);
  await clock.pass(2000);
  const next = new MetricsRecorder(deps);
  next.lockWait(14);
  next.flush();
  const data = parseMetrics(JSON.parse(readFileSync(path, "utf8")));
  const metrics = metricsOf(data ?? NO_METRICS, clock.now(), HOUR);
  expect(metrics).toMatchObject({ success_rate: 1, average_delivery_ms: 250, lock_wait_p95_ms: 14 });
  expect(log.events()).toEqual([]);
  writeFileSync(path, '{"schema":1,"slices":[{}]');
  new MetricsRecorder(deps);
  writeFileSync(path, '{"schema":1,"slices":[{}],"deliveries":[],"lockWaits":[]}');
  new MetricsRecorder(deps);
  expect(log.events()).toEqual(["started_afresh", "started_afresh"]);
});
