import { test } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { TARGETS } from "./all-targets.ts";

/** Of all targets together. */
const INPUTS = 100_000;
/** To see a failure again, put its seed here. */
const SEED = Math.floor(Math.random() * 2 ** 31);

test.each(TARGETS)("bad input does no harm: $name", async ({ name, percent, feed }) => {
  const startedAt = performance.now();
  const inputs = (INPUTS * percent) / 100;
  await feed(inputs, SEED);
  tellFigures("bad input", {
    target: name,
    inputs,
    violations: 0,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    seed: SEED,
  });
});
