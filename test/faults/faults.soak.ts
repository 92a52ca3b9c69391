import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { ERRORS, PRODUCERS, sweepProducer } from "./producer-faults.ts";
import { sweepWorker } from "./worker-faults.ts";

it("every call of every producer fails in every way, and each tells truly whether it was stored", async () => {
  let runs = 0;
  for (const { argsFor } of PRODUCERS) runs += await sweepProducer(argsFor, ERRORS);
  expect(runs).toBeGreaterThan(150);
  tellFigures("faults of producers", { runs, violations: 0 });
});

it("every call of a worker fails in every way, and all is delivered once", async () => {
  // EINTR is node's own affair and a write that takes nothing is tried again: less to do is enough for them.
  const [hard, soft] = [ERRORS.slice(0, 2), ERRORS.slice(2)];
  const runs = (await sweepWorker("much", hard, 4)) + (await sweepWorker("little", soft, 4));
  expect(runs).toBeGreaterThan(400);
  tellFigures("faults of a worker", { runs, violations: 0 });
});
