/** What happens on a simulated day; drawn by fast-check, so that a day that goes wrong shrinks to its smallest form. */
import fc from "fast-check";
import type { Priority } from "../../src/domain/message.ts";

export interface Plan {
  /** Of ids and backoffs. */
  readonly seed: number;
  readonly agents: readonly AgentPlan[];
  readonly messages: readonly MessagePlan[];
  readonly troubles: readonly Trouble[];
  /** When the worker is killed, in milliseconds from the start. */
  readonly kills: readonly number[];
  /** How long a call to the clipboard takes, and for how long it is empty while a program copies; in milliseconds. */
  readonly clipboardMs: number;
  readonly copyGapMs: number;
  /** Messages that wait for one agent are typed in one turn. */
  readonly isJoining: boolean;
}

export interface AgentPlan {
  readonly kind: "inbox" | "tmux" | "desktop";
  /** How long it takes for a key, in milliseconds; windows 3 at most: see `SLOWEST_PAGE_MS`. */
  readonly keyMs: number;
  /** What a person has half typed there. */
  readonly draft: string;
  readonly composer: (typeof COMPOSERS)[number];
}

/**
 * `rich`: windows give each line break back as two; terminals take out a line at a time. `odd`: terminals are of an agent
 * that no profile knows.
 */
const COMPOSERS = ["plain", "rich", "odd"] as const;

export interface MessagePlan {
  readonly at: number;
  readonly to: number;
  readonly priority: Priority;
  readonly body: string;
}

export interface Trouble {
  readonly at: number;
  readonly what: (typeof TROUBLES)[number];
  readonly who: number;
}

export const TROUBLES = [
  "focus", // another window takes the focus
  "flash", // and gives it back at once
  "clipboard", // a program copies something
  "pointer", // the person moves the pointer
  "stall", // a terminal agent takes no key for 2 s
  "swallow", // an agent does not take the next Enter
  "screen", // a terminal agent shows its next message on another screen, which comes with another composer
  "lose", // an agent does not take the next paste
  "ask", // a terminal agent opens a dialog, which the person answers after 700 ms
  "end", // a terminal agent ends, and is started again after 900 ms
  "gone", // a terminal agent ends for good
  "move", // a window moves
  "lock", // the screen is locked for a second
] as const;

const LATEST_MS = 6_000;

const BODIES = [
  "run the tests",
  "two\nlines",
  "请把测试跑一遍 \u{1f44d}\u{1f3fd}",
  "- a list\n- of two\n\n\tand a tab",
  Array.from({ length: 30 }, (_, i) => `${i + 1}. step`).join("\n"),
  "l".repeat(1300),
];
const anyTime = fc.integer({ min: 0, max: LATEST_MS });
/** Messages come at few times, and what goes wrong mostly right after: most attempts take less than that. */
const SENT_AT = [0, 1_500, 3_000];
const SOON_MS = 300;
const sentAt = fc.oneof(
  { arbitrary: fc.constantFrom(...SENT_AT), weight: 3 },
  { arbitrary: anyTime, weight: 1 },
);
const soonAfter = fc
  .tuple(fc.constantFrom(...SENT_AT), fc.integer({ min: 0, max: SOON_MS }))
  .map(([from, ms]) => from + ms);
const at = fc.oneof({ arbitrary: soonAfter, weight: 2 }, { arbitrary: anyTime, weight: 1 });

export const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  agents: fc.array(
    fc.record({
      kind: fc.constantFrom<AgentPlan["kind"]>("desktop", "tmux", "desktop", "inbox"),
      keyMs: fc.constantFrom(1, 3, 12, 60),
      draft: fc.constantFrom("", "", "half a thought", "a draft\nof two lines"),
      composer: fc.constantFrom("plain", ...COMPOSERS),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  messages: fc.array(
    fc.record({
      at: sentAt,
      to: fc.nat(3),
      priority: fc.constantFrom<Priority>("normal", "normal", "high", "urgent"),
      body: fc.constantFrom(...BODIES),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  troubles: fc.array(fc.record({ at, what: fc.constantFrom(...TROUBLES), who: fc.nat(3) }), {
    maxLength: 12,
  }),
  kills: fc.array(at, { maxLength: 3 }),
  clipboardMs: fc.constantFrom(5, 1, 25),
  copyGapMs: fc.constantFrom(0, 0, 4),
  isJoining: fc.boolean(),
});
