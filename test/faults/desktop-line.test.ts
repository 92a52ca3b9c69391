import { expect, it } from "vitest";
import { fairnessOf, orderOfTurns, takeOverStaleLocks, takeTurns } from "./desktop-line.ts";

it("a lock file that dead holders left is taken over by one of 8 waiters at a time, 20 times", async () => {
  expect(await takeOverStaleLocks(20, 8)).toBe(160);
}, 60_000);

it("12 who wait for the desktop get it in the order in which they came", async () => {
  expect(await orderOfTurns(12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
}, 60_000);

it("12 who want the desktop again and again take turns: nobody is forgotten, and no two are in at once", async () => {
  const shifts = await takeTurns(12, 4, 10);
  expect(shifts.filter(({ isClash }) => isClash)).toEqual([]);
  const { p99Ms, perfectMs, overtakings } = fairnessOf(shifts);
  // One that is interrupted between drawing its ticket and putting it down may be overtaken.
  expect(overtakings).toBeLessThan(shifts.length / 10);
  // Polling waiters that know no order would wait many times as long.
  expect(p99Ms).toBeLessThan(3 * perfectMs);
}, 60_000);
