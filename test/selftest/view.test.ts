import { expect, it } from "vitest";
import { loadPaint } from "../../src/cli/render.ts";
import { selftestView } from "../../src/cli/selftest-view.ts";
import { type Check, NO_DELIVERIES, notTried } from "../../src/selftest/check.ts";

const held: Check = {
  promised: { part: "terminal", name: "a", text: "A message is in front of its agent once, as it was sent" },
  verdict: "held",
  tried: "one after the other: quotes, emoji, key names, leading ! and / and what else there is",
  times: 5,
  saw: "the agent: 5 texts, each once, SHA-256 equal",
  reasons: [],
  deliveries: NO_DELIVERIES,
};
const broken: Check = {
  ...held,
  promised: { part: "terminal", name: "b", text: "Nothing is doubled" },
  verdict: "did_not_hold",
  reasons: ["doubled: msg_20261130_033702_6cf6b5a3 for Plain arrived 2 times, and the table says so"],
};
const window: Check = notTried(
  { part: "window", name: "c", text: "Nobody's text is submitted" },
  "there is no display",
  "run it on one",
);
const report = {
  checks: [held, broken, window],
  deliveries: { ...NO_DELIVERIES, total: 10, delivered: 9, refused: 1, doubled: 1 },
  tookMs: 28_400,
};

it.each([60, 80, 200])("the table fits %i columns", async (columns) => {
  const text = selftestView(report, columns, await loadPaint(false));
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
});

it("the table says what was promised, how it was tried, what was seen, what was wrong, and what could not be tried", async () => {
  expect(selftestView(report, 80, await loadPaint(false))).toMatchInlineSnapshot(`
    "Terminal agents in tmux
    held          A message is in front of its agent once, as it was sent
                  tried  5 times: one after the other: quotes, emoji, key names,
                         leading ! and / and what else there is
                  saw    the agent: 5 texts, each once, SHA-256 equal
    DID NOT HOLD  Nothing is doubled
                  tried  5 times: one after the other: quotes, emoji, key names,
                         leading ! and / and what else there is
                  saw    the agent: 5 texts, each once, SHA-256 equal
                  ! doubled: msg_20261130_033702_6cf6b5a3 for Plain arrived 2 times,
                    and the table says so

    Agents in windows
    not tried     Nobody's text is submitted
                  could not be tried here: there is no display; run it on one

    10 deliveries: 9 delivered with proof, 1 refused with reason; 0 lost, 1 doubled,
    0 misrouted, 0 altered
    1 of 2 promises held, 1 could not be tried here, in 28 s
    "
  `);
});
