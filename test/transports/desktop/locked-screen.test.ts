import { expect, it } from "vitest";
import type { Refusal } from "../../../src/ports/desktop.ts";
import { desktopTransport } from "../../../src/transports/desktop/index.ts";
import { type Script, scriptedDeps, scriptedWork } from "./scripted-hands.ts";

const LOCKED: Refusal = {
  ok: false,
  error: { code: "screen_locked", message: "m", hint: "h" },
  isHandsOff: true,
  mayBePressed: false,
};

it("a locked screen is looked at as often as for a person at first, and every 10 s in the end", async () => {
  const script: Script = { looks: [], pastes: [], pressed: [] };
  const work = scriptedWork(script, "text");
  const deps = scriptedDeps(work);
  const desktop = { ...deps.desktop, acquire: () => Promise.resolve(LOCKED) };
  const transport = desktopTransport({ ...deps, desktop });
  const pauseAfter = async (totalAttempts: number) => {
    const state = { ...work.attempt.state, totalAttempts };
    const outcome = await transport.deliver({ ...work.attempt, state });
    expect(outcome).toMatchObject({ kind: "handed_back", error: { code: "screen_locked" } });
    return outcome.kind === "handed_back" ? outcome.retryInMs : null;
  };
  expect(await pauseAfter(1)).toBeUndefined();
  expect(await pauseAfter(30)).toBeUndefined();
  expect(await pauseAfter(100)).toBe(3_300);
  expect(await pauseAfter(1_000_000)).toBe(10_000);
  expect(script.pressed).toEqual([]);
});
