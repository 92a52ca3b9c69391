import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { sendBlindly } from "./blind.ts";
import { deliverUnderSabotage } from "./deliveries.ts";
import { deliverToAThief } from "./focus-theft.ts";
import { measureLookToKey } from "./look-and-key.ts";
import { GAPS_MS } from "./saboteurs.ts";

const seed = Date.now() % 100_000;
console.info(`seed ${seed}`);

it("submits 1,000 messages each exactly once, as they are and where they belong, whatever saboteurs do", async () => {
  const { wrongs, missing, figures } = await deliverUnderSabotage({
    deliveries: 1_000,
    perRound: 50,
    roundMs: 150_000,
    gapsMs: GAPS_MS,
    seed,
  });
  tellFigures("sabotage on a real desktop", { ...figures, seed });
  expect([...wrongs, ...missing], `seed ${seed}`).toEqual([]);
  expect(figures["unconfirmed"], `seed ${seed}`).toBeLessThanOrEqual(2);
});

it("lets no key reach another window while the focus is stolen every 5 to 20 ms", async () => {
  const { wrongs, ...figures } = await deliverToAThief(500, seed);
  tellFigures("continuous theft of the focus", { ...figures, seed });
  expect(wrongs, `seed ${seed}`).toEqual([]);
  expect(figures.strayKeys, `seed ${seed}`).toBe(0);
});

it("tells how long a focus can be stolen unseen on the hands of macOS and Windows", async () => {
  const { medianMs, p99Ms } = await measureLookToKey(1_000);
  tellFigures("from the look to the key, nut-js", {
    "median ms": medianMs.toFixed(2),
    "p99 ms": p99Ms.toFixed(2),
  });
  expect(medianMs).toBeLessThan(20);
});

it("tells what becomes of the blind sequence in the same sabotage", async () => {
  const figures = await sendBlindly(100, seed, { ...GAPS_MS });
  tellFigures("the blind sequence under the same sabotage", { ...figures, seed });
  expect(figures.right).toBeLessThan(figures.sent);
});
