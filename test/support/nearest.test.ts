import { expect, it } from "vitest";
import { nearest } from "../../src/support/nearest.ts";

const AGENTS = ["Agent-1", "Agent-2", "Agent-10", "Captain"];

it.each([
  ["Agnet-2", "Agent-2"],
  ["agent2", "Agent-2"],
  ["captian", "Captain"],
  ["Capt", "Captain"],
  ["Agent-9", "Agent-1"],
])("finds for %s the candidate that was probably meant", (wanted, expected) => {
  expect(nearest(wanted, AGENTS)).toBe(expected);
});

it("finds nothing where nothing is like it", () => {
  expect(nearest("database", AGENTS)).toBeNull();
  expect(nearest("x", [])).toBeNull();
});
