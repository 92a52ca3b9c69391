import { afterAll, beforeAll, expect, it } from "vitest";
import type { Stage } from "../desktop-fixture/stage.ts";
import { countMessages, killDrivers, killStage } from "./desktop-kills.ts";

/** Which messages are taken. */
const SEED = Date.now() % 1000;
const KILLS = 3;

let stage: Stage;
beforeAll(async () => {
  stage = await killStage();
});
afterAll(() => stage?.stop());

it("a driver that is killed while it types submits nothing twice, and the next one finds its way", async () => {
  const stride = Math.floor((await countMessages(stage)) / KILLS);
  const points = Array.from({ length: KILLS }, (_, index) => 1 + (SEED % stride) + index * stride);
  const { violations, kills } = await killDrivers(stage, points);
  expect({ seed: SEED, violations }).toEqual({ seed: SEED, violations: [] });
  // Some attempts take fewer messages than the one that was counted.
  expect(kills).toBeGreaterThan(0);
}, 120_000);
