import { afterAll, beforeAll, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { type Attempts, attemptsOn } from "./attempts.ts";

let stage: Stage;
const drivers: Attempts[] = [];

beforeAll(async () => {
  stage = await startStage({ windows: [{ name: "One" }, { name: "Two" }] });
});
afterAll(async () => {
  for (const driver of drivers) await driver.close();
  await stage?.stop();
});

it("does not take the keys of another swarm for a person's", async () => {
  const IDLE_MS = 3_000;
  drivers.push(attemptsOn(stage.desktop.display, INPUT_POINT, IDLE_MS));
  drivers.push(attemptsOn(stage.desktop.display, INPUT_POINT, IDLE_MS));
  const [first, second] = drivers;
  if (!first || !second) throw new Error("two drivers were started");
  await first.deliver(stage.titleOf("One"), "after the stage's own clicks");
  for (const [driver, name] of [
    [second, "Two"],
    [first, "One"],
    [second, "One"],
  ] as const) {
    const made = await driver.deliver(stage.titleOf(name), "next");
    expect(made.outcome).toEqual({ kind: "confirmed" });
    expect(made.ms).toBeLessThan(IDLE_MS);
  }
  expect(stage.pages.submissions()).toHaveLength(4);
});

it("waits for a person's pause, and an urgent message does not", async () => {
  const driver = attemptsOn(stage.desktop.display, INPUT_POINT, 1_500);
  drivers.push(driver);
  await driver.deliver(stage.titleOf("One"), "warm");
  await stage.person.movePointer(700, 700);
  const movedAt = performance.now();
  const urgent = await driver.deliver(stage.titleOf("Two"), "urgent", { priority: "urgent" });
  expect(urgent.outcome).toEqual({ kind: "confirmed" });
  // A hand that moves makes many events: a single one right behind ours would be taken for ours.
  for (const x of [704, 707, 710]) await stage.person.movePointer(x, 700);
  const normal = await driver.deliver(stage.titleOf("Two"), "normal");
  expect(normal.outcome).toEqual({ kind: "confirmed" });
  expect(performance.now() - movedAt).toBeGreaterThan(1_500);
});
