import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { stopTyping } from "./stopped-holder.ts";
import { stopAndContinue } from "./stopped-worker.ts";
import { startTwoWorkers } from "./two-workers.ts";

it("of two workers that are started at once, 200 times, never two are at work", async () => {
  const bothCame = await startTwoWorkers(200);
  tellFigures("two workers at once", { rounds: 200, "one after the other": bothCame, "two at work": 0 });
});

it("a worker that is stopped for a minute and continued loses and doubles nothing", async () => {
  const before = await stopAndContinue(60_000);
  tellFigures("stopped worker", { "stopped s": 60, "delivered before": before, "at work meanwhile": 0 });
});

it("a holder of the desktop that is stopped while it types makes no input event after it was continued", async () => {
  const stops = Array.from({ length: 300 }, (_, round) => round % 30);
  const before = await stopTyping([...stops, 60_000]);
  expect(before).toBeGreaterThan(stops.length);
  tellFigures("stopped holder", {
    stops: stops.length + 1,
    "longest s": 60,
    "events before": before,
    "events after": 0,
  });
});
