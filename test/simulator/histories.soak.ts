import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { buildDays, runDays } from "./days-program.ts";

const DAYS = Number(process.env["SWT_DAYS"] ?? 100_000);
/** Each part has a seed of its own: what failed is quickly run again. */
const DAYS_A_PART = 2_500;

it(`keeps every promise on ${DAYS} simulated days`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "days-"));
  const program = join(folder, "days.mjs");
  await buildDays(program);
  const seed = Date.now() % 2 ** 30;
  const endings: Record<string, number> = {};
  const failures: string[] = [];
  let days = 0;
  let begun = 0;
  const work = async () => {
    while (begun < DAYS) {
      const part = { seed: seed + begun, days: Math.min(DAYS_A_PART, DAYS - begun) };
      begun += part.days;
      const lived = await runDays(program, part.seed, part.days, true);
      days += lived.days;
      for (const [status, count] of Object.entries(lived.endings))
        endings[status] = (endings[status] ?? 0) + count;
      if (lived.failure !== null) failures.push(lived.failure);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  rmSync(folder, { recursive: true, force: true });
  tellFigures("simulated days", { days, violations: failures.length, seed, ...endings });
  expect(failures).toEqual([]);
  expect(days).toBe(DAYS);
});
