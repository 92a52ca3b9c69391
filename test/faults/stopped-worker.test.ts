import { expect, it } from "vitest";
import { stopAndContinue } from "./stopped-worker.ts";

/** Longer than any time after which somebody gives up waiting for a worker. */
const STOP_MS = 11_000;

it("a worker that is stopped and continued loses and doubles nothing, and no other works meanwhile", async () => {
  expect(await stopAndContinue(STOP_MS)).toBeGreaterThan(5);
}, 120_000);
