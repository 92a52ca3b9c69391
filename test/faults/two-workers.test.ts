import { it } from "vitest";
import { startTwoWorkers } from "./two-workers.ts";

it("of two workers that are started at once, 20 times, never two are at work", async () => {
  await startTwoWorkers(20);
}, 60_000);
