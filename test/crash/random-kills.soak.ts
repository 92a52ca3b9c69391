import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { killAtRandom } from "./random-kills.ts";

const SEED = 20_260_102;

it("50 senders and their worker, killed 500 times at random: every id that was printed is delivered once", async () => {
  const { violations, ...killed } = await killAtRandom({ seed: SEED, producers: 50, kills: 500 });
  tellFigures("50 producers and their worker killed 500 times", {
    producers: killed.producers,
    workers: killed.workers,
    promised: killed.promised,
    delivered: killed.delivered,
    violations: violations.length,
    seed: SEED,
  });
  expect(violations.slice(0, 10)).toEqual([]);
});
