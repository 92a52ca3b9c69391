/** Days that once went wrong, in their smallest form. */
import { expect, it } from "vitest";
import { violationsOf } from "./checker.ts";
import type { Plan } from "./plan.ts";
import { runDay } from "./world.ts";

const CLIPBOARD = { clipboardMs: 5, copyGapMs: 0 };

const KNOWN: Readonly<Record<string, Plan>> = {
  "a draft is on its way back to an agent that stands still, and the worker is killed": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "a draft\nof two lines", composer: "plain" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [{ at: 1, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 2207, what: "stall", who: 0 },
      { at: 2209, what: "end", who: 0 },
    ],
    kills: [3157],
    ...CLIPBOARD,
  },
  "an agent opens a dialog while text of ours is taken out from behind a draft": {
    seed: 1669332848,
    agents: [{ kind: "tmux", keyMs: 60, draft: "a draft\nof two lines", composer: "plain" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 147, what: "stall", who: 0 },
      { at: 1619, what: "ask", who: 0 },
    ],
    kills: [],
    ...CLIPBOARD,
  },
};

it.each(Object.entries(KNOWN))("%s", async (_what, plan) => {
  expect(await runDay(plan, violationsOf)).toEqual([]);
});
