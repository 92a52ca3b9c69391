import { test, vi } from "vitest";
import { writeWhileSwapped } from "./swapped-inbox.ts";

// A machine that does much else takes its time.
vi.setConfig({ testTimeout: 120_000 });

test("a link put in an inbox's place between the look and the writing is not followed", async () => {
  await writeWhileSwapped(1_000);
});
