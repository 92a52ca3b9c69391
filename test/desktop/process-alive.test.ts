import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { isAlive, isGone, processStart } from "../../src/desktop/process-alive.ts";
import { until } from "../desktop-fixture/until.ts";

describe("whether a process still is the one that it was", () => {
  let child: ChildProcess | null = null;
  const start = (): number => {
    child = spawn("sleep", ["60"], { stdio: "ignore" });
    return child.pid ?? 0;
  };

  afterEach(async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
    child = null;
  });

  it("is told by its number and its start", () => {
    const pid = start();
    const at = processStart(pid) ?? "";
    expect(at).toMatch(/^\d+$/);
    expect([isAlive(pid, at), isGone(pid, at)]).toEqual([true, false]);
    expect([isAlive(pid, `${at}0`), isGone(pid, `${at}0`)]).toEqual([false, true]);
    expect([isAlive(pid, "0"), isGone(pid, "0")]).toEqual([true, false]);
  });

  it("is neither alive nor gone while it is stopped", async () => {
    const pid = start();
    process.kill(pid, "SIGSTOP");
    await until("it is stopped", () => !isAlive(pid, "0"), 5_000, 2);
    expect(isGone(pid, "0")).toBe(false);
    process.kill(pid, "SIGCONT");
    await until("it runs again", () => isAlive(pid, "0"), 5_000, 2);
  });

  it("is gone once it has ended", async () => {
    const pid = start();
    const at = processStart(pid) ?? "";
    child?.kill("SIGKILL");
    await until("it is gone", () => isGone(pid, at), 5_000, 2);
    expect([isAlive(pid, at), processStart(99_999_999)]).toEqual([false, null]);
  });
});
