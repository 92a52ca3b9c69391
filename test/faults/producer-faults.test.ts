import { describe, expect, it } from "vitest";
import { ERRORS, PRODUCERS, sweepProducer } from "./producer-faults.ts";

describe.runIf(process.platform === "linux")(
  "whichever call of a producer fails on its way to the disk",
  () => {
    it.each(PRODUCERS)(
      "$what tells truly whether it was stored",
      async ({ what, argsFor }) => {
        const errors = what === "send" ? ERRORS : ["error=EIO"];
        expect(await sweepProducer(argsFor, errors)).toBeGreaterThan(10);
      },
      120_000,
    );
  },
);
