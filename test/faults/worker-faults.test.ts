import { expect, it } from "vitest";
import { sweepWorker } from "./worker-faults.ts";

it.runIf(process.platform === "linux")(
  "whichever call of a worker fails, all is delivered once, and what was not mended is in its log",
  async () => {
    expect(await sweepWorker("little", ["error=EIO"], 4)).toBeGreaterThan(100);
  },
  180_000,
);
