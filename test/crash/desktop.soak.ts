import { afterAll, beforeAll, expect, it } from "vitest";
import type { Stage } from "../desktop-fixture/stage.ts";
import { tellFigures } from "../soak/figures.ts";
import { killDrivers, killStage } from "./desktop-kills.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await killStage();
});
afterAll(() => stage?.stop());

function* allFrom(first: number): Iterable<number> {
  for (let nth = first; ; nth += 1) yield nth;
}

it("a driver may be killed before any of its messages to the X server", async () => {
  const { violations, notPutBack, ...found } = await killDrivers(stage, allFrom(1));
  tellFigures("driver killed before each message", {
    ...found,
    violations: violations.length,
    "not put back": notPutBack.length,
  });
  expect({ violations, notPutBack }).toEqual({ violations: [], notPutBack: [] });
  expect(found.kills).toBeGreaterThan(30);
});
