/** What a display shows of itself, while its screens change. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openX11Desktop } from "../../../src/desktop/x11/desktop.ts";
import type { Desktop, Hands } from "../../../src/ports/desktop.ts";
import { INPUT_POINT } from "../../desktop-fixture/pages.ts";
import { showPart } from "../../desktop-fixture/screens.ts";
import { type Stage, startStage } from "../../desktop-fixture/stage.ts";
import { inProcess } from "../in-process.ts";

const WHOLE = { x: 0, y: 0, width: 1_600, height: 1_000 };

describe("a display whose screen is changed under a driver that runs", () => {
  let stage: Stage;
  let desktop: Desktop;
  let hands: Hands;

  beforeAll(async () => {
    stage = await startStage({ windows: [{ name: "Page" }, { name: "Person" }] });
    desktop = inProcess(openX11Desktop(stage.desktop.env));
    const acquired = await desktop.acquire(
      stage.desktop.display,
      "test",
      5_000,
      new AbortController().signal,
    );
    if (!acquired.ok) throw new Error(acquired.error.message);
    hands = acquired.hands;
  });
  afterAll(async () => {
    await hands?.release();
    await desktop?.close();
    await stage?.stop();
  });
  afterEach(() => showPart(stage.desktop.display, WHOLE));

  it("tells the screen as it is now", async () => {
    expect(await hands.layout()).toEqual({ screens: [WHOLE], isWhole: true });
    const part = { x: 100, y: 50, width: 800, height: 600 };
    await showPart(stage.desktop.display, part);
    expect(await hands.layout()).toEqual({ screens: [part], isWhole: true });
  });

  it("moves a window into view whose input point the screen does not show any more, and back", async () => {
    const id = stage.windowOf("Page");
    await stage.windows.move(id, { x: 1_000, y: 500, width: 380, height: 420 });
    await showPart(stage.desktop.display, { ...WHOLE, width: 800, height: 600 });
    const outside = await stage.windows.place(id);
    const guest = await hands.remember();
    const aimed = await hands.aim(id, stage.titleOf("Page"), INPUT_POINT, 3_000);
    expect(aimed.ok && [aimed.point.x < 800, aimed.point.y < 600]).toEqual([true, true]);
    expect(await stage.composerAt("Page")).toEqual(aimed.ok && aimed.point);
    await hands.restore(guest);
    await expect.poll(() => stage.windows.place(id)).toEqual(outside);
  });
});
