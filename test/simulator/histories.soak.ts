import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { liveDays } from "./histories.ts";

const DAYS = 100_000;

it(`keeps every promise on ${DAYS} simulated days`, async () => {
  const seed = Date.now() % 2 ** 31;
  const { failure, days, endings } = await liveDays(seed, DAYS);
  tellFigures("simulated days", { days, violations: failure === null ? 0 : 1, seed, ...endings });
  expect(failure).toBe(null);
});
