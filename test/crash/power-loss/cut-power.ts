/** Cuts the power after every step of a story, in every way that the model of the disk allows, or in some of them. */
import { createHash } from "node:crypto";
import { faultsAfter } from "./aftermath.ts";
import type { Journal } from "./journal.ts";
import { type CrashState, type Random, statesAfter } from "./states.ts";

/** Recoveries side by side: each mostly waits for its timers. */
const AT_ONCE = 12;

export interface Cuts {
  readonly steps: number;
  /** Different ones. */
  readonly states: number;
  readonly violations: readonly string[];
}

/** `limit`: no more states than that, those in which most is lost and others chosen by chance. */
export async function cutPower(
  journal: Journal,
  random: Random,
  limit = Number.POSITIVE_INFINITY,
): Promise<Cuts> {
  const waiting = chosen(allStates(journal, random), random, limit);
  const states = waiting.length;
  const violations: string[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let state = waiting.pop(); state; state = waiting.pop())
        for (const fault of await faultsAfter(state)) violations.push(`${fault} (${state.description})`);
    }),
  );
  return { steps: journal.steps.length, states, violations };
}

function allStates(journal: Journal, random: Random): CrashState[] {
  const found = new Map<string, CrashState>();
  for (let length = 0; length <= journal.steps.length; length += 1)
    for (const state of statesAfter(journal, length, random)) {
      const key = keyOf(state);
      if (!found.get(key)?.isBarest) found.set(key, state);
    }
  return [...found.values()];
}

function chosen(states: readonly CrashState[], random: Random, limit: number): CrashState[] {
  const barest = states.filter(({ isBarest }) => isBarest);
  const others = states.filter(({ isBarest }) => !isBarest);
  while (others.length > 0 && barest.length + others.length > limit)
    others.splice(Math.floor(random() * others.length), 1);
  return [...barest, ...others];
}

function keyOf({ tree, told }: CrashState): string {
  const hash = createHash("sha256").update(told.join("\n"));
  for (const [path, content] of [...tree].sort()) {
    hash.update(`\0${path}\0`);
    hash.update(content ?? "folder");
  }
  return hash.digest("hex");
}
