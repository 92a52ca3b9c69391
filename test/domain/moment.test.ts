import { afterEach, beforeEach, expect, it } from "vitest";
import { parseMoment } from "../../src/domain/moment.ts";

const zone = process.env["TZ"];

beforeEach(() => {
  process.env["TZ"] = "Europe/Zurich";
});

afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

const moment = (text: string, now: string) => {
  const at = parseMoment(text, Date.parse(now));
  return at === null ? null : new Date(at).toISOString();
};

it.each([
  ["15:30", "2026-02-01T12:00:00Z", "2026-02-01T14:30:00.000Z"],
  ["15:30:20", "2026-02-01T12:00:00Z", "2026-02-01T14:30:20.000Z"],
  ["9:05", "2026-02-01T12:00:00Z", "2026-02-02T08:05:00.000Z"],
  ["13:00", "2026-02-01T12:00:00Z", "2026-02-02T12:00:00.000Z"],
  ["00:00", "2026-12-31T22:59:59Z", "2026-12-31T23:00:00.000Z"],
  // The night in which clocks are put forward, and the one in which they are put back.
  ["02:30", "2026-03-28T23:30:00Z", "2026-03-29T01:30:00.000Z"],
  ["08:00", "2026-10-24T20:00:00Z", "2026-10-25T07:00:00.000Z"],
  ["2026-02-03 04:05", "2026-02-01T12:00:00Z", "2026-02-03T03:05:00.000Z"],
  ["2026-07-03T04:05:06", "2026-02-01T12:00:00Z", "2026-07-03T02:05:06.000Z"],
  ["2026-07-03T04:05:06Z", "2026-02-01T12:00:00Z", "2026-07-03T04:05:06.000Z"],
  ["2026-07-03T04:05+09:00", "2026-02-01T12:00:00Z", "2026-07-02T19:05:00.000Z"],
])("%s at %s is %s", (text, now, then) => {
  expect(moment(text, now)).toBe(then);
});

it.each([
  "",
  "15",
  "24:00",
  "12:60",
  "12:00:60",
  "soon",
  "2026-02-30T12:00",
  "2026-13-01T12:00",
  "2026-02-01",
  "15:30 ",
  "1e3:00",
])("%j is no time", (text) => {
  expect(moment(text, "2026-02-01T12:00:00Z")).toBeNull();
});
