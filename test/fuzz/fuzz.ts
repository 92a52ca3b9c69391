/** Feeds a target with bad input, and tells the seed with which a failure comes again. */
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { Fence } from "./fence.ts";
import { watchdog } from "./watchdog.ts";

/** What is fed. `take` throws where the program did what it must not. */
export interface Feeding<T> {
  readonly inputs: fc.Arbitrary<T>;
  readonly take: (input: T) => void | Promise<void>;
  readonly close?: () => void | Promise<void>;
}

/** Lets `take` know what `inputs` makes. */
export function feeding<T>(parts: Feeding<T>): Feeding<T> {
  return parts;
}

export interface Target {
  readonly name: string;
  /** Of all inputs of a run, in percent. */
  readonly percent: number;
  /** Feeds it with so many inputs; what lies around the workspace is looked at after each. */
  feed(count: number, seed: number): Promise<void>;
}

/** `open` prepares the target in a fresh workspace. */
export function target<T>(
  name: string,
  percent: number,
  open: (fence: Fence) => Feeding<T> | Promise<Feeding<T>>,
): Target {
  return {
    name,
    percent,
    async feed(count, seed) {
      const fence = new Fence();
      const dog = watchdog(`${name}, seed ${seed}`);
      try {
        const { inputs, take, close } = await open(fence);
        const property = fc.asyncProperty(inputs, async (input) => {
          dog.beat();
          // What the input before has closed is let go of only now.
          await setImmediate();
          await take(input);
          fence.check();
        });
        try {
          await fc.assert(property, { numRuns: count, seed });
        } finally {
          await close?.();
        }
      } finally {
        await dog.end();
        fence.remove();
      }
    },
  };
}
