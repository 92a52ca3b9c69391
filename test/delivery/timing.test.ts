import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LearnedTiming } from "../../src/delivery/timing.ts";
import { freshRoot } from "./fresh-folder.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryLog } from "./memory-log.ts";

function setUp(path = join(freshRoot(), "timing.json")) {
  const clock = new ManualClock();
  const log = new MemoryLog();
  const timing = new LearnedTiming({ path, clock, log, stepFloorMs: 100, stepCeilingMs: 10_000 });
  return { path, clock, log, timing };
}

const STEP = ["Agent-1", "desktop", "paste"] as const;

test("a step never seen is waited for patiently, and has no typical time", () => {
  const { timing } = setUp();
  expect(timing.deadlineMs(...STEP)).toBe(3000);
  expect(timing.typicalMs(...STEP)).toBeNull();
});

test("a deadline is the 95th percentile of what was seen and a half more, and the typical time is the median", () => {
  const { timing } = setUp();
  for (let ms = 110; ms <= 300; ms += 10) timing.record(...STEP, ms);
  expect(timing.deadlineMs(...STEP)).toBe(290 * 1.5);
  expect(timing.typicalMs(...STEP)).toBe(200);
});

test("a deadline stays within floor and ceiling", () => {
  const { timing } = setUp();
  timing.record(...STEP, 1);
  expect(timing.deadlineMs(...STEP)).toBe(100);
  timing.record(...STEP, 60_000);
  expect(timing.deadlineMs(...STEP)).toBe(10_000);
});

test("each miss doubles the deadline, and evidence ends that", () => {
  const { timing } = setUp();
  timing.record(...STEP, 100);
  timing.miss(...STEP);
  expect(timing.deadlineMs(...STEP)).toBe(300);
  timing.miss(...STEP);
  expect(timing.deadlineMs(...STEP)).toBe(600);
  timing.record(...STEP, 100);
  expect(timing.deadlineMs(...STEP)).toBe(150);
});

test("only the newest durations count: a machine that became fast is believed", () => {
  const { timing } = setUp();
  for (let count = 0; count < 50; count += 1) timing.record(...STEP, 2000);
  for (let count = 0; count < 50; count += 1) timing.record(...STEP, 200);
  expect(timing.deadlineMs(...STEP)).toBe(300);
});

test("agents and steps do not learn from each other", () => {
  const { timing } = setUp();
  timing.record(...STEP, 100);
  expect(timing.typicalMs("Agent-2", "desktop", "paste")).toBeNull();
  expect(timing.typicalMs("Agent-1", "desktop", "raise")).toBeNull();
});

test("what was learned is saved soon after, and known to the next worker", async () => {
  const { path, clock, timing } = setUp();
  timing.record(...STEP, 120);
  expect(existsSync(path)).toBe(false);
  await clock.pass(2000);
  expect(setUp(path).timing.typicalMs(...STEP)).toBe(120);
});

test("what calibrate learned in a process of its own outlives the worker's next save", () => {
  const worker = setUp();
  const calibrate = setUp(worker.path);
  calibrate.timing.record("Agent-2", "desktop", "paste", 77);
  calibrate.timing.flush();
  worker.timing.record(...STEP, 120);
  worker.timing.flush();
  const later = setUp(worker.path).timing;
  expect(later.typicalMs("Agent-2", "desktop", "paste")).toBe(77);
  expect(later.typicalMs(...STEP)).toBe(120);
});

test.each([
  ["torn", '{"schema":1,"steps":{"Agent-1/desk'],
  ["of another shape", '{"schema":1,"steps":{"Agent-1/desktop/paste":{"ms":["quick"],"misses":0}}}'],
  ["empty", ""],
])("a timing file that is %s is started afresh, and the log tells", (_, damage) => {
  const path = join(freshRoot(), "timing.json");
  writeFileSync(path, damage);
  const { timing, log } = setUp(path);
  expect(timing.deadlineMs(...STEP)).toBe(3000);
  expect(log.events()).toEqual(["started_afresh"]);
  timing.record(...STEP, 50);
  timing.flush();
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ schema: 1 });
});

test("a folder that takes no file costs the learning and nothing else", () => {
  const { timing, log } = setUp(join(freshRoot(), "missing", "timing.json"));
  timing.record(...STEP, 50);
  timing.flush();
  expect(log.events()).toEqual(["not_saved"]);
});
