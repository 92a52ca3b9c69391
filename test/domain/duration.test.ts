import fc from "fast-check";
import { expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/domain/duration.ts";

it.each([
  ["500ms", 500],
  ["1s", 1000],
  ["1.5s", 1500],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["90d", 7_776_000_000],
  ["0s", 0],
])("reads %s as %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([
  "",
  "5",
  "s",
  "-1s",
  "1 s",
  "1S",
  "1e3s",
  " 1s",
  "1s ",
  "1w",
  "9999999999s",
  "36526d",
  "999999999d",
])("reads %j as no duration", (text) => {
  expect(parseDuration(text)).toBeNull();
});

it("writes every number of milliseconds so that it reads as the same", () => {
  fc.assert(fc.property(fc.nat({ max: 10 ** 9 - 1 }), (ms) => parseDuration(formatDuration(ms)) === ms));
});
