import { describe, expect, it } from "vitest";
import { deliverUnderSabotage } from "./deliveries.ts";
import { GAPS_MS } from "./saboteurs.ts";

describe("deliveries to real windows under sabotage", () => {
  it("submits each message exactly once, as it is and where it belongs, whatever saboteurs do", async () => {
    const seed = Date.now() % 100_000;
    const plan = { deliveries: 25, perRound: 25, roundMs: 30_000, gapsMs: GAPS_MS, seed };
    const { wrongs, figures } = await deliverUnderSabotage(plan);
    console.info(`seed ${seed}: ${JSON.stringify(figures)}`);
    expect(wrongs, `seed ${seed}`).toEqual([]);
  }, 180_000);

  it("leaves drafts and clipboard as they are while windows, focus and clipboard are stolen", async () => {
    const seed = Date.now() % 100_000;
    const { thief, vandal, mover, twin } = { ...GAPS_MS };
    const gapsMs = { thief, vandal, mover, twin } as typeof GAPS_MS;
    const plan = { deliveries: 12, perRound: 6, roundMs: 15_000, gapsMs, seed };
    const { wrongs, missing, figures } = await deliverUnderSabotage(plan);
    console.info(`seed ${seed}: ${JSON.stringify(figures)}`);
    expect([...wrongs, ...missing], `seed ${seed}`).toEqual([]);
    expect(figures["unconfirmed"], `seed ${seed}`).toBe(0);
  }, 180_000);
});
