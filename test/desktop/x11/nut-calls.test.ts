import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import Jimp from "jimp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/app/system-world.ts";
import { clickPlaces } from "../../../src/desktop/click-places.ts";
import type { NutDesk } from "../../../src/desktop/nut/nut-desk.ts";
import { inputRefusal, reach } from "../../../src/desktop/nut/pointer.ts";
import { type Stage, startStage } from "../../desktop-fixture/stage.ts";
import { until } from "../../desktop-fixture/until.ts";
import { type NutProcess, startNut } from "./nut-process.ts";

describe("the calls over nut-js and clipboardy, as far as they work on Linux", () => {
  let stage: Stage;
  let nut: NutProcess;

  beforeAll(async () => {
    stage = await startStage({ windows: [{ name: "Page" }] });
    nut = await startNut(stage.desktop.env);
  });
  afterAll(async () => {
    await nut?.stop();
    await stage?.stop();
  });
  beforeEach(async () => {
    await stage.pages.setText("Page", "");
    stage.pages.forget();
    await stage.windows.activate(stage.windowOf("Page"));
    const { x, y } = await stage.composerAt("Page");
    await nut.calls.movePointer({ x, y });
    await nut.calls.click();
    await until(
      "the composer has the focus",
      async () => (await stage.pages.state("Page")).focus === "composer",
    );
  });

  const desk = (): NutDesk => ({
    calls: nut.calls,
    clock: systemClock,
    machineNow: () => performance.now(),
    platform: "linux",
    clicks: clickPlaces(() => performance.now()),
  });
  const pageText = async () => (await stage.pages.state("Page")).text;

  it("move the pointer to where it is read back, by others as well", async () => {
    await nut.calls.movePointer({ x: 321, y: 123 });
    expect(await nut.calls.pointer()).toEqual({ x: 321, y: 123 });
    expect(await stage.person.pointer()).toEqual({ x: 321, y: 123 });
    expect(await reach(desk(), { x: 10, y: 20 })).toBe(true);
    expect(await reach(desk(), { x: -400, y: 20 })).toBe(false);
  });

  it("find by one pixel that input works, and leave the pointer where it was", async () => {
    await stage.person.movePointer(1_599, 999);
    expect(await inputRefusal(desk())).toBeNull();
    expect(await stage.person.pointer()).toEqual({ x: 1_599, y: 999 });
  });

  it("know the size of the screen", async () => {
    expect(await nut.calls.screenSize()).toMatchObject({ width: 1_600, height: 1_000 });
  });

  it("show what the screen shows", async () => {
    const { width, height, pixels } = await nut.calls.screenImage();
    expect([width, height]).toEqual([1_600, 1_000]);
    const rgba = inflateSync(Buffer.from(pixels, "base64"));
    expect(rgba).toHaveLength(1_600 * 1_000 * 4);
    const file = join(stage.desktop.folder, "screen.png");
    await stage.desktop.screenshot(file);
    const { bitmap } = await Jimp.read(file);
    const different = bitmap.data.reduce((count, value, at) => count + (value === rgba[at] ? 0 : 1), 0);
    // A caret may blink between the two.
    expect(different).toBeLessThan(1_000);
    expect(new Set(rgba).size).toBeGreaterThan(10);
  });

  it("write any text into the clipboard and read it", async () => {
    const text = "é 👩‍👩‍👧‍👦 نجحت\n\ttab\n\n";
    await nut.calls.writeClipboard(text);
    expect(await stage.person.clipboard()).toBe(text);
    await stage.person.setClipboard("from somebody else");
    expect(await nut.calls.readClipboard()).toBe("from somebody else");
    const long = "0123456789".repeat(20_000);
    await nut.calls.writeClipboard(long);
    expect(await nut.calls.readClipboard()).toBe(long);
  });

  it("press the chords of the profiles", async () => {
    await nut.calls.writeClipboard("pasted");
    await nut.calls.press("Ctrl+V");
    await until("it is pasted", async () => (await pageText()) === "pasted");
    await nut.calls.press("Shift+Left");
    await nut.calls.press("Ctrl+C");
    await until("the last character is copied", async () => (await nut.calls.readClipboard()) === "d");
    await nut.calls.press("Ctrl+End");
    await nut.calls.press("Shift+Enter");
    await nut.calls.press("Ctrl+V");
    await until("there is a second line", async () => (await pageText()) === "pasted\nd");
    await nut.calls.press("Ctrl+A");
    await nut.calls.press("Ctrl+C");
    await until("all is copied", async () => (await nut.calls.readClipboard()) === "pasted\nd");
    await nut.calls.press("Enter");
    expect((await stage.pages.waitForSubmissions("Page", 1))[0]?.text).toBe("pasted\nd");
    await stage.pages.setText("Page", "rest");
    await nut.calls.press("Ctrl+A");
    await nut.calls.press("Backspace");
    await until("it is erased", async () => (await pageText()) === "");
  });

  it("press a chord without the delays that nut-js is born with", async () => {
    const startedAt = performance.now();
    for (let i = 0; i < 20; i++) await nut.calls.press("Shift+Left");
    // It would be 300 ms each, and more.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it("hold no key down afterwards", async () => {
    await nut.calls.press("Ctrl+Shift+Left");
    await stage.person.type("a");
    await until("a plain letter arrives", async () => (await pageText()) === "a");
  });

  it("tell neither idle time nor lock here", async () => {
    expect([await nut.calls.idleMs(), await nut.calls.isScreenLocked()]).toEqual([null, false]);
  });

  it("end their process where there is no display, which only a child of swarm's may do", () => {
    const { DISPLAY: _, ...env } = stage.desktop.env;
    const args = ["--import", "./test/setup/typescript.js", join(import.meta.dirname, "nut-headless.ts")];
    const { status, signal, stdout } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    expect(stdout).toBe("loaded\n");
    expect([status, signal]).not.toEqual([0, null]);
  });
});
