import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openNutDesktop } from "../../../src/desktop/nut/desktop.ts";
import type { Guarded } from "../../../src/ports/desktop.ts";
import { simulatedClock } from "../../simulator/clock.ts";
import { lockOf, type NutStage, startNutStage } from "./simulated-world.ts";

describe("a macOS or Windows desktop that can't be used", () => {
  let stage: NutStage;
  const start = (platform: NodeJS.Platform): NutStage => {
    stage = startNutStage(platform);
    stage.simulated.open({ title: "Alpha" });
    return stage;
  };
  const acquire = () => stage.desktop.acquire(null, "a test", 5_000, new AbortController().signal);
  /** The error, after a check that the lock was given back. */
  const errorOf = async () => {
    const result = await acquire();
    if (result.ok) {
      await result.hands.release();
      return null;
    }
    return result.error;
  };

  beforeEach(() => {
    start("darwin");
  });
  afterEach(() => stage.stop());

  it("says on macOS that Accessibility is missing, where all input is silently ignored", async () => {
    stage.simulated.isInputAllowed = false;
    const error = await errorOf();
    expect(error?.code).toBe("desktop_unavailable");
    expect(error?.hint).toContain("Accessibility");
  });

  it("works as soon as the permission is given, without a new start", async () => {
    stage.simulated.isInputAllowed = false;
    expect(await errorOf()).not.toBeNull();
    stage.simulated.isInputAllowed = true;
    expect(await errorOf()).toBeNull();
  });

  it("moves the pointer by one pixel to find out, and puts it back", async () => {
    const seen: number[] = [];
    const { calls } = stage.simulated;
    const { movePointer } = calls;
    Object.assign(calls, {
      movePointer: (to: { readonly x: number; readonly y: number }) => {
        seen.push(to.x);
        return movePointer(to);
      },
    });
    stage.simulated.pointer = { x: 640, y: 480 };
    expect(await errorOf()).toBeNull();
    expect(seen).toEqual([641, 640]);
    expect(stage.simulated.pointer).toEqual({ x: 640, y: 480 });
    seen.length = 0;
    expect(await errorOf()).toBeNull();
    expect(seen).toEqual([]);
  });

  it("finds out at the edge of the screen as well", async () => {
    stage.simulated.pointer = { x: 1_599, y: 999 };
    expect(await errorOf()).toBeNull();
    expect(stage.simulated.pointer).toEqual({ x: 1_599, y: 999 });
  });

  it("says on macOS that Screen Recording is missing, where windows have no titles", async () => {
    for (const window of stage.simulated.windows) window.title = "";
    const error = await errorOf();
    expect(error?.code).toBe("desktop_unavailable");
    expect(error?.hint).toContain("Screen Recording");
  });

  it("says that the screen is locked", async () => {
    stage.simulated.isLocked = true;
    expect((await errorOf())?.code).toBe("screen_locked");
  });

  it("knows a locked Windows by input that fails while no window is active", async () => {
    stage.stop();
    start("win32");
    Object.assign(stage.simulated.calls, { isScreenLocked: () => Promise.resolve(false) });
    stage.simulated.isLocked = true;
    expect((await errorOf())?.code).toBe("screen_locked");
    stage.simulated.isLocked = false;
    stage.simulated.isInputAllowed = false;
    const error = await errorOf();
    expect([error?.code, error?.hint]).toEqual(["desktop_unavailable", expect.stringContaining("rights")]);
  });

  it("notices in the middle of an attempt that the permission was taken away", async () => {
    const result = await acquire();
    if (!result.ok) throw new Error(result.error.message);
    const [window] = await result.hands.windows();
    stage.simulated.isInputAllowed = false;
    const input = { x: 120, y: -60, from: "bottom-left" } as const;
    const aimed: Guarded<object> = await result.hands.aim(window?.id ?? "", "Alpha", input, 1_000);
    expect(aimed.ok ? null : aimed.error.code).toBe("desktop_unavailable");
    await result.hands.release();
  });

  it("says so where nut-js has no build for the machine, and tries again the next time", async () => {
    let tries = 0;
    const desktop = openNutDesktop({
      platform: "win32",
      env: { XDG_RUNTIME_DIR: stage.folder },
      clock: simulatedClock(),
      machineNow: () => 0,
      random: { hex: () => "00" },
      lock: lockOf(stage.folder),
      openCalls: () => {
        tries += 1;
        return Promise.reject(new Error("Cannot find module libnut\nRequire stack: ..."));
      },
    });
    for (const expected of [1, 2]) {
      const result = await desktop.acquire(null, "a test", 5_000, new AbortController().signal);
      expect(result.ok ? null : result.error).toMatchObject({
        code: "desktop_unavailable",
        message: expect.stringContaining("(Cannot find module libnut)"),
      });
      expect(tries).toBe(expected);
    }
  });

  it("makes no input after the worker's end", async () => {
    const { simulated, folder } = stage;
    const desktop = openNutDesktop({
      platform: "darwin",
      env: { XDG_RUNTIME_DIR: folder },
      clock: simulated.clock,
      machineNow: () => simulated.clock.monotonic(),
      random: { hex: () => "00" },
      lock: lockOf(folder),
      openCalls: () => Promise.resolve(simulated.calls),
    });
    const result = await desktop.acquire(null, "a test", 5_000, new AbortController().signal);
    if (!result.ok) throw new Error(result.error.message);
    const [window] = await result.hands.windows();
    const input = { x: 120, y: -60, from: "bottom-left" } as const;
    await result.hands.aim(window?.id ?? "", "Alpha", input, 1_000);
    desktop.forbidInput();
    const pressed = await result.hands.press(["Cmd+A"]);
    expect(pressed.ok ? null : pressed.error.code).toBe("worker_died");
    await result.hands.release();
    await desktop.leave(0);
  });
});
