import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { waitForEnd } from "../../src/app/client.ts";
import { systemClock } from "../../src/app/system-world.ts";
import { backgroundWorkspace } from "./background.ts";

const YEAR_MS = 365 * 86_400_000;
/** A timer that is too long for node fires after a millisecond. */
const A_MOMENT_MS = 100;

test("what is to be done in a year is not done at once", async () => {
  let isDone = false;
  const cancel = systemClock.after(YEAR_MS, () => {
    isDone = true;
  });
  await delay(A_MOMENT_MS);
  cancel();
  expect(isDone).toBe(false);
});

test("who wants to wait for a year does not give up at once", async () => {
  const root = backgroundWorkspace(["Agent-1"]);
  const stop = new AbortController();
  let isOver = false;
  const waited = waitForEnd(["msg_20260102_030405_0123abcd"], {
    ...{ root, outbox: { find: () => null }, timeoutMs: YEAR_MS, signal: stop.signal },
  }).then(() => {
    isOver = true;
  });
  await delay(A_MOMENT_MS);
  expect(isOver).toBe(false);
  stop.abort();
  await waited;
});
