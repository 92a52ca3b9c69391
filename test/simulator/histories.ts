/** Random days, each held against every promise. */
import fc from "fast-check";
import { violationsOf } from "./checker.ts";
import { type Plan, plans } from "./plan.ts";
import { runDay } from "./world.ts";

export interface Histories {
  readonly seed: number;
  readonly days: number;
  /** How messages ended on all days together. */
  readonly endings: Readonly<Record<string, number>>;
  /** The smallest day that went wrong, what went wrong, and how to run it again; null: none did. */
  readonly failure: string | null;
}

export async function liveDays(seed: number, days: number, isShrunk = true): Promise<Histories> {
  const endings: Record<string, number> = {};
  const keepsPromises = async (plan: Plan) => {
    const [violations, statuses] = await runDay(plan, (world) => [
      violationsOf(world),
      world.messages().map(({ state }) => state.status),
    ]);
    for (const status of statuses) endings[status] = (endings[status] ?? 0) + 1;
    if (violations.length > 0) throw new Error(violations.join("\n"));
  };
  const result = await fc.check(fc.asyncProperty(plans, keepsPromises), {
    seed,
    numRuns: days,
    endOnFailure: !isShrunk,
  });
  return { seed, days: result.numRuns, endings, failure: result.failed ? reportOf(result) : null };
}

function reportOf({
  seed,
  counterexamplePath,
  counterexample,
  errorInstance,
}: fc.RunDetails<[Plan]>): string {
  const cause = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${cause}\nseed ${seed}, path ${counterexamplePath}, the day: ${JSON.stringify(counterexample?.[0])}`;
}
