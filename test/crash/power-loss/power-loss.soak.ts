import { expect, it } from "vitest";
import { seededRandom } from "../../e2e/desktop-agents.ts";
import { tellFigures } from "../../soak/figures.ts";
import { cutPower } from "./cut-power.ts";
import { record, STORIES } from "./stories.ts";

const SEED = 20_260_102;
/** Enough to find the fault. */
const SHOWN = 10;

it.each(Object.entries(STORIES))("the power may be cut at any moment while %s", async (what, story) => {
  const journal = await record(story);
  const { steps, states, violations } = await cutPower(journal, seededRandom(SEED));
  tellFigures(`power cut while ${what}`, { steps, states, violations: violations.length, seed: SEED });
  expect(violations.slice(0, SHOWN)).toEqual([]);
});
