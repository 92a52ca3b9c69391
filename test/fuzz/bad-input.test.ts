import { expect, test } from "vitest";
import { TARGETS } from "./all-targets.ts";

/** Of all targets together. */
const INPUTS = 3_000;
/** Each run another one; a failure tells it. To see a failure again, put its seed here. */
const SEED = Math.floor(Math.random() * 2 ** 31);

test("the targets share all inputs", () => {
  expect(TARGETS.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
});

test.each(TARGETS)(
  "bad input does no harm: $name",
  ({ percent, feed }) => feed((INPUTS * percent) / 100, SEED),
  600_000,
);
