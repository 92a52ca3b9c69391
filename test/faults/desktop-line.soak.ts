import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { fairnessOf, takeOverStaleLocks, takeTurns } from "./desktop-line.ts";

it("300 lock files of dead holders are taken over by one of 8 waiters at a time", async () => {
  const takings = await takeOverStaleLocks(300, 8);
  expect(takings).toBe(2400);
  tellFigures("stale desktop lock", { rounds: 300, waiters: 8, takings, "two at once": 0 });
});

it("50 waiters take turns: the longest waits are those of perfect turn taking", async () => {
  const [waiters, times, holdMs] = [50, 10, 20];
  const shifts = await takeTurns(waiters, times, holdMs);
  const clashes = shifts.filter(({ isClash }) => isClash).length;
  const { p99Ms, perfectMs, handOverMs, overtakings } = fairnessOf(shifts);
  tellFigures("desktop lock, 50 waiters", {
    takings: shifts.length,
    "two at once": clashes,
    "wait p99 ms": p99Ms.toFixed(0),
    "perfect p99 ms": perfectMs.toFixed(0),
    ratio: (p99Ms / perfectMs).toFixed(2),
    "hand-over ms": handOverMs.toFixed(1),
    overtakings,
  });
  expect([shifts.length, clashes]).toEqual([waiters * times, 0]);
  expect(overtakings).toBeLessThan(shifts.length / 100);
  expect(p99Ms / perfectMs).toBeLessThan(1.5);
});
