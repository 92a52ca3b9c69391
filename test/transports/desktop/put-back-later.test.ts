import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { desktopTransport } from "../../../src/transports/desktop/index.ts";
import { simulatedClock } from "../../simulator/clock.ts";
import { scriptedDeps, scriptedWork } from "./scripted-hands.ts";

/** A transport that starts on a desktop where `answers` says, one after the other, whether all could be put back. */
function startingOn(answers: boolean[]) {
  const clock = simulatedClock();
  const askedAt: number[] = [];
  const deps = scriptedDeps(scriptedWork({ looks: [], pastes: [], pressed: [] }, "hello"));
  const desktop = {
    ...deps.desktop,
    putBackLeftBehind: () => {
      askedAt.push(clock.monotonic());
      return Promise.resolve(answers.shift() ?? false);
    },
  };
  const stop = new AbortController();
  const started = desktopTransport({ ...deps, desktop, clock }).start?.(stop.signal);
  return { clock, askedAt, stop, started };
}

describe("what a killed worker had found on a desktop that can't be used just now", () => {
  it("is put back when it can be, and not tried again after that", async () => {
    const { askedAt, clock } = startingOn([false, false, true]);
    await clock.sleep(600_000);
    expect(askedAt).toEqual([0, 2_000, 6_000]);
  });

  it("keeps no worker from ending that has nothing to deliver", async () => {
    const { started, askedAt, stop } = startingOn([]);
    await started;
    expect(askedAt).toEqual([0]);
    stop.abort();
  });

  it("is tried for once a minute however long that lasts, until the worker ends", async () => {
    const { askedAt, clock, stop } = startingOn([]);
    await clock.sleep(3_600_000);
    expect(askedAt.length).toBeGreaterThan(60);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
    const gaps = askedAt.map((at, i) => at - (askedAt[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBe(60_000);
    stop.abort();
    const tries = askedAt.length;
    await clock.sleep(600_000);
    expect(askedAt).toHaveLength(tries);
  });
});
