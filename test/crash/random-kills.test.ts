import { expect, it } from "vitest";
import { killAtRandom } from "./random-kills.ts";

const SEED = Date.now() % 100_000;

it("10 senders and their worker, killed 25 times at random: every id that was printed is delivered once", async () => {
  const { violations, ...killed } = await killAtRandom({ seed: SEED, producers: 10, kills: 25 });
  expect({ seed: SEED, violations }).toEqual({ seed: SEED, violations: [] });
  expect(killed.promised).toBeGreaterThanOrEqual(25);
  expect(killed.workers).toBe(8);
}, 120_000);
