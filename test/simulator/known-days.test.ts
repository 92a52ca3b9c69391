/** Days that once went wrong, in their smallest form. */
import { expect, it } from "vitest";
import { violationsOf } from "./checker.ts";
import type { Plan } from "./plan.ts";
import { runDay } from "./world.ts";

const USUAL = { clipboardMs: 5, copyGapMs: 0, isJoining: false };

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
    ...USUAL,
  },
  "a worker is killed while it takes out, line by line, what a killed one had pasted in the last attempt": {
    seed: 2,
    agents: [
      { kind: "tmux", keyMs: 60, draft: "", composer: "rich" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [
      { at: 1500, to: 0, priority: "normal", body: "run the tests" },
      { at: 1500, to: 0, priority: "urgent", body: "- a list\n- of two\n\n\tand a tab" },
    ],
    troubles: [{ at: 1296, what: "end", who: 0 }],
    kills: [3302, 3151, 3000],
    ...USUAL,
  },
  "an agent opens a dialog at the moment in which a control is erased, in the last attempt": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "a draft\nof two lines", composer: "plain" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 5188, what: "ask", who: 0 },
      { at: 1611, what: "end", who: 0 },
      { at: 3148, what: "stall", who: 0 },
    ],
    kills: [10, 1650],
    ...USUAL,
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
    ...USUAL,
  },
  "an agent swallows three Enters, and the text with blank lines in it is taken out a line at a time": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 1, draft: "", composer: "rich" }],
    messages: [
      { at: 3000, to: 0, priority: "normal", body: "- a list\n- of two\n\n\tand a tab" },
      { at: 0, to: 0, priority: "normal", body: "run the tests" },
    ],
    troubles: [
      { at: 1500, what: "swallow", who: 0 },
      { at: 152, what: "swallow", who: 0 },
      { at: 152, what: "swallow", who: 0 },
    ],
    kills: [],
    ...USUAL,
  },
  "a worker is killed while it types to an agent without keys to clear, which then asks something": {
    seed: 17,
    agents: [
      { kind: "tmux", keyMs: 3, draft: "", composer: "odd" },
      { kind: "desktop", keyMs: 12, draft: "half a thought", composer: "plain" },
      { kind: "desktop", keyMs: 12, draft: "half a thought", composer: "rich" },
      { kind: "tmux", keyMs: 60, draft: "", composer: "plain" },
    ],
    messages: [{ at: 1500, to: 0, priority: "urgent", body: "- a list\n- of two\n\n\tand a tab" }],
    troubles: [
      { at: 299, what: "stall", who: 0 },
      { at: 2811, what: "ask", who: 2 },
      { at: 1574, what: "stall", who: 2 },
    ],
    kills: [1701],
    clipboardMs: 5,
    copyGapMs: 4,
    isJoining: false,
  },
  "an agent of no known profile swallows three Enters": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 1, draft: "", composer: "odd" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
    ],
    kills: [],
    ...USUAL,
  },
  "the worker is killed right behind a paste to an agent of no known profile": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "", composer: "odd" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [],
    kills: [0],
    ...USUAL,
  },
  "the same, with a draft there": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "half a thought", composer: "odd" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [],
    kills: [0],
    ...USUAL,
  },
  "the worker is killed while it looks whether such an agent answers": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "", composer: "odd" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [{ at: 3000, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [{ at: 3000, what: "end", who: 0 }],
    kills: [3965, 1500],
    ...USUAL,
  },
  "an agent of no known profile stands still, and two workers look whether it answers": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "", composer: "odd" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [{ at: 1, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 1500, what: "stall", who: 0 },
      { at: 0, what: "stall", who: 0 },
    ],
    kills: [3000, 1],
    ...USUAL,
  },
  "the same, with an agent that is slow, so that what they typed comes while it is erased": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 60, draft: "", composer: "odd" }],
    messages: [{ at: 3000, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [{ at: 1500, what: "stall", who: 0 }],
    kills: [3151, 3000],
    ...USUAL,
  },
  "the same, with a text of which the agent shows only a mark": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 1, draft: "", composer: "odd" }],
    messages: [{ at: 1501, to: 0, priority: "normal", body: "a line\n".repeat(30) }],
    troubles: [{ at: 1500, what: "stall", who: 0 }],
    kills: [3151, 3000],
    ...USUAL,
  },
  "such an agent stands still and then asks something while it is looked whether it answers": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 1, draft: "", composer: "odd" }],
    messages: [
      { at: 0, to: 0, priority: "normal", body: "run the tests" },
      { at: 0, to: 0, priority: "normal", body: "run the tests" },
    ],
    troubles: [
      { at: 0, what: "end", who: 0 },
      { at: 2796, what: "ask", who: 0 },
      { at: 1836, what: "stall", who: 0 },
      { at: 1827, what: "stall", who: 0 },
    ],
    kills: [1827],
    ...USUAL,
  },
  "an agent of no known profile still shows the mark of one long message when the next is to come": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "", composer: "odd" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [
      { at: 1500, to: 0, priority: "normal", body: "l".repeat(1300) },
      { at: 3000, to: 0, priority: "normal", body: "run the tests" },
    ],
    troubles: [
      { at: 3000, what: "ask", who: 0 },
      { at: 0, what: "swallow", who: 0 },
    ],
    kills: [],
    ...USUAL,
  },
  "the worker is killed while it looks, before it puts a draft back, whether the agent answers": {
    seed: 0,
    agents: [
      { kind: "tmux", keyMs: 1, draft: "half a thought", composer: "plain" },
      { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
    ],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [{ at: 0, what: "swallow", who: 0 }],
    kills: [5011, 0, 4860],
    ...USUAL,
  },
  "an agent takes neither the text nor the draft that is put back twice": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 1, draft: "half a thought", composer: "plain" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 3, what: "lose", who: 0 },
      { at: 3, what: "lose", who: 0 },
      { at: 3, what: "lose", who: 0 },
    ],
    kills: [3000, 1500, 0],
    ...USUAL,
  },
  "an agent opens a dialog while a draft of two lines is taken out, and its first line stays": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 12, draft: "a draft\nof two lines", composer: "rich" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [{ at: 1025, what: "ask", who: 0 }],
    kills: [],
    ...USUAL,
  },
  "an agent takes no Enter and asks something, and the worker is killed behind the mark it types": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 1, draft: "", composer: "plain" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 0, what: "swallow", who: 0 },
      { at: 1500, what: "ask", who: 0 },
    ],
    kills: [2230],
    ...USUAL,
  },
  "the worker is killed behind Enter, and the agent asks something while it is looked whether the draft can go back":
    {
      seed: 0,
      agents: [{ kind: "tmux", keyMs: 60, draft: "half a thought", composer: "plain" }],
      messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
      troubles: [{ at: 4893, what: "ask", who: 0 }],
      kills: [1618, 4742],
      ...USUAL,
    },
  "the same, and what is asked takes the key that erases the character of that look": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 60, draft: "a draft\nof two lines", composer: "plain" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [{ at: 5147, what: "ask", who: 0 }],
    kills: [1740, 4894],
    ...USUAL,
  },
  "the worker is killed while it takes out, a line at a time, a text that the agent did not submit": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 60, draft: "", composer: "rich" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "two\nlines" }],
    troubles: [
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
    ],
    kills: [14340],
    ...USUAL,
  },
  "an agent takes no Enter, and asks something while the text is taken out again": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 60, draft: "", composer: "plain" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
      { at: 14200, what: "ask", who: 0 },
    ],
    kills: [],
    ...USUAL,
  },
  "the same, and the line that is left ends with the character that was typed behind the text": {
    seed: 0,
    agents: [{ kind: "tmux", keyMs: 60, draft: "", composer: "rich" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "It fails.\nMend it" }],
    troubles: [
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
      { at: 0, what: "swallow", who: 0 },
      { at: 14369, what: "ask", who: 0 },
    ],
    kills: [],
    ...USUAL,
  },
  "the screen is locked while a paste is still to be handled": {
    seed: 0,
    agents: [{ kind: "desktop", keyMs: 3, draft: "half a thought", composer: "plain" }],
    messages: [
      { at: 0, to: 0, priority: "normal", body: "run the tests" },
      { at: 0, to: 0, priority: "normal", body: "run the tests" },
    ],
    troubles: [{ at: 1501, what: "lock", who: 0 }],
    kills: [],
    clipboardMs: 1,
    copyGapMs: 0,
    isJoining: false,
  },
  "another program copies something in the moment of a paste, which is pasted in place of the message": {
    seed: 0,
    agents: [{ kind: "desktop", keyMs: 1, draft: "", composer: "plain" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [{ at: 1500, what: "clipboard", who: 0 }],
    kills: [],
    ...USUAL,
  },
  "another program copies something in the middle of a look, and one more copy is still to be answered": {
    seed: 0,
    agents: [{ kind: "desktop", keyMs: 12, draft: "half a thought", composer: "plain" }],
    messages: [
      { at: 284, to: 0, priority: "normal", body: "run the tests" },
      { at: 0, to: 0, priority: "normal", body: "run the tests" },
    ],
    troubles: [
      { at: 3021, what: "focus", who: 0 },
      { at: 3010, what: "focus", who: 1 },
      { at: 3510, what: "clipboard", who: 0 },
      { at: 1503, what: "focus", who: 0 },
      { at: 2010, what: "focus", who: 3 },
    ],
    kills: [2],
    clipboardMs: 1,
    copyGapMs: 4,
    isJoining: false,
  },
  "the screen is locked, a worker is killed, and the next one finds nothing to deliver": {
    seed: 0,
    agents: [{ kind: "desktop", keyMs: 1, draft: "", composer: "plain" }],
    messages: [{ at: 0, to: 0, priority: "normal", body: "run the tests" }],
    troubles: [
      { at: 5501, what: "lock", who: 0 },
      { at: 16, what: "focus", who: 0 },
    ],
    kills: [5501],
    ...USUAL,
  },
  "a long text is pasted behind a dialog to an agent without keys to clear, and stands there when that is answered":
    {
      seed: 0,
      agents: [
        { kind: "tmux", keyMs: 1, draft: "", composer: "odd" },
        { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
      ],
      messages: [
        { at: 1, to: 0, priority: "normal", body: "l".repeat(1300) },
        { at: 0, to: 0, priority: "normal", body: "run the tests" },
        { at: 0, to: 0, priority: "normal", body: "run the tests" },
      ],
      troubles: [
        { at: 0, what: "stall", who: 0 },
        { at: 2001, what: "stall", who: 0 },
        { at: 2816, what: "ask", who: 0 },
        { at: 3, what: "end", who: 0 },
      ],
      kills: [],
      ...USUAL,
    },
  "a worker is killed between the proof of a submit and the draft, and the next one loses the focus while it puts that back":
    {
      seed: 0,
      agents: [
        { kind: "desktop", keyMs: 1, draft: "half a thought", composer: "plain" },
        { kind: "desktop", keyMs: 1, draft: "", composer: "plain" },
        { kind: "tmux", keyMs: 1, draft: "a draft\nof two lines", composer: "plain" },
      ],
      messages: [
        { at: 0, to: 2, priority: "normal", body: "run the tests" },
        { at: 0, to: 0, priority: "normal", body: "run the tests" },
      ],
      troubles: [{ at: 3501, what: "focus", who: 1 }],
      kills: [1695],
      clipboardMs: 25,
      copyGapMs: 0,
      isJoining: false,
    },
};

it.each(Object.entries(KNOWN))("%s", async (_what, plan) => {
  expect(await runDay(plan, violationsOf)).toEqual([]);
});
