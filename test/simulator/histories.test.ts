import { expect, it } from "vitest";
import { liveDays } from "./histories.ts";

/** The same days each time; `npm run soak` takes others. Put the seed of a failure here to see it again. */
const SEED = 20_261_121;
const DAYS = 1_000;

it(`keeps every promise on ${DAYS} simulated days`, async () => {
  const { failure, days, endings } = await liveDays(SEED, DAYS);
  expect(failure).toBe(null);
  expect(days).toBe(DAYS);
  expect(endings["delivered"]).toBeGreaterThan(DAYS);
}, 600_000);
