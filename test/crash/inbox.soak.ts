import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { PRODUCERS, producerStand, workerStand } from "./inbox-stands.ts";
import { type Stand, sweepKills } from "./sweep.ts";

const STANDS: Readonly<Record<string, () => Promise<Stand>>> = {
  ...Object.fromEntries(
    Object.entries(PRODUCERS).map(([what, args]) => [`sender of ${what}`, () => producerStand(args)]),
  ),
  worker: workerStand,
};

it.each(Object.entries(STANDS))("a %s may be killed before any of its calls", async (what, stand) => {
  const { kills, lived, violations } = await sweepKills(stand, { which: "all", isToTheEnd: true });
  tellFigures(`${what} killed`, { kills, lived, violations: violations.length });
  expect(violations).toEqual([]);
  expect(kills).toBeGreaterThan(100);
});
