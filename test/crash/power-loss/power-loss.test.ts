import { expect, it } from "vitest";
import { seededRandom } from "../../e2e/desktop-agents.ts";
import { cutPower } from "./cut-power.ts";
import { record, STORIES } from "./stories.ts";

const SEED = Date.now() % 100_000;
const STATES = 50;

it.each(Object.entries(STORIES))(
  "when the power is cut while %s, nothing that was told turns out untrue",
  async (_what, story) => {
    const journal = await record(story);
    const { states, violations } = await cutPower(journal, seededRandom(SEED), STATES);
    expect({ seed: SEED, violations: violations.slice(0, 5) }).toEqual({ seed: SEED, violations: [] });
    expect(states).toBe(STATES);
  },
  120_000,
);
