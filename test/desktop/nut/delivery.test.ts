import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/domain/outcome.ts";
import { type SimulatedDelivery, simulatedDelivery } from "../../simulator/delivery.ts";
import type { SimulatedWindow } from "../../simulator/desktop.ts";

const codeOf = (outcome: Outcome) => ("error" in outcome ? outcome.error.code : outcome.kind);

describe("delivery to windows of macOS and Windows", () => {
  let delivery: SimulatedDelivery;
  let alpha: SimulatedWindow;
  let beta: SimulatedWindow;
  const sent = {
    id: "msg_20260101_000000_00000001",
    to: "Alpha",
    text: "[#msg_1 from Captain] run\n\nthe tests",
  };

  beforeEach(() => {
    delivery = simulatedDelivery();
    alpha = delivery.desktop.open({ title: "Alpha" });
    beta = delivery.desktop.open({ title: "Beta" });
  });
  afterEach(() => delivery.stop());

  it("submits the exact text once, with all its evidence, and puts everything back", async () => {
    const { desktop } = delivery;
    alpha.composer.text = "a draft\nof two lines";
    beta.composer.text = "the person's";
    Object.assign(desktop, { clipboard: "copied", pointer: { x: 900, y: 55 } });
    expect(await delivery.deliver(sent)).toEqual({ kind: "confirmed" });
    expect(alpha.composer).toMatchObject({ submissions: [sent.text], text: "a draft\nof two lines" });
    expect(beta.composer).toMatchObject({ submissions: [], text: "the person's" });
    expect(desktop).toMatchObject({ clipboard: "copied", pointer: { x: 900, y: 55 }, active: beta });
    const types = delivery.events.map(({ type }) => type);
    expect(types).toEqual([
      "intent",
      "draft_saved",
      "typed",
      "mark_typed",
      "mark_erased",
      "submitted",
      "draft_restored",
    ]);
  });

  it("delivers ten in a row to two windows", async () => {
    for (let i = 0; i < 10; i++) {
      const to = i % 2 === 0 ? "Alpha" : "Beta";
      expect(await delivery.deliver({ id: `m${i}`, to, text: `[#m${i}] number ${i}` })).toEqual({
        kind: "confirmed",
      });
    }
    expect(alpha.composer.submissions).toEqual([0, 2, 4, 6, 8].map((i) => `[#m${i}] number ${i}`));
    expect(beta.composer.submissions).toEqual([1, 3, 5, 7, 9].map((i) => `[#m${i}] number ${i}`));
  });

  it.each([
    ["answers 2 s late to every key", { lateMs: 2_000 }],
    ["takes 1 s for every key", { keyMs: 1_000 }],
  ])("delivers to a page that %s", async (_how, pace) => {
    Object.assign(alpha, pace);
    expect(codeOf(await delivery.deliver(sent))).toBe("confirmed");
    await delivery.desktop.settled();
    expect(alpha.composer).toMatchObject({ submissions: [sent.text], text: "" });
  });

  it("presses nothing where no field is", async () => {
    delivery.desktop.close(alpha);
    alpha = delivery.desktop.open({ title: "Alpha", hasComposer: false });
    expect(codeOf(await delivery.deliver(sent))).toBe("composer_not_found");
  });

  it("leaves an editor with 500 lines alone", async () => {
    const text = Array.from({ length: 500 }, (_, i) => `line ${i}`).join("\n");
    alpha.composer.text = text;
    expect(codeOf(await delivery.deliver(sent))).toBe("draft_present");
    expect(alpha.composer.text).toBe(text);
  });

  it("says which window is missing, and that two can't be told apart", async () => {
    expect(codeOf(await delivery.deliver({ ...sent, to: "Gamma" }))).toBe("window_not_found");
    delivery.desktop.open({ title: "Alpha" });
    expect(codeOf(await delivery.deliver(sent))).toBe("window_ambiguous");
    expect(alpha.composer.submissions).toEqual([]);
  });

  it("waits until the person pauses, unless it is urgent", async () => {
    const { clock } = delivery.desktop;
    /** A key every 100 ms for 5 s. Returns when the last one is. */
    const startTyping = async (): Promise<number> => {
      const pausesAt = clock.monotonic() + 5_000;
      const type = () => {
        delivery.desktop.lastInputAt = clock.monotonic();
        if (clock.monotonic() + 100 <= pausesAt) clock.after(100, type);
      };
      type();
      await clock.sleep(150);
      return pausesAt;
    };
    const pausesAt = await startTyping();
    expect(codeOf(await delivery.deliver(sent))).toBe("confirmed");
    const intent = delivery.events.find(({ type }) => type === "intent");
    expect((intent?.at ?? 0) - clock.now() + clock.monotonic()).toBeGreaterThanOrEqual(pausesAt + 1_000);
    const pausesAgainAt = await startTyping();
    const urgent = { ...sent, id: "m2", text: "[#m2] now", priority: "urgent" as const };
    expect(codeOf(await delivery.deliver(urgent))).toBe("confirmed");
    expect(clock.monotonic()).toBeLessThan(pausesAgainAt);
  });

  it("goes on from a text that a crash left in the composer, and looks for one that is gone", async () => {
    alpha.composer.text = sent.text;
    expect(codeOf(await delivery.resume(sent, { step: "typed", draftFile: null }))).toBe("confirmed");
    expect(alpha.composer.submissions).toEqual([sent.text]);
    expect(codeOf(await delivery.resume(sent, { step: "typed", draftFile: null }))).toBe("submit_unproven");
    expect(alpha.composer.submissions).toEqual([sent.text]);
  });

  it("puts a draft back once that a page had pasted a second time before the crash, and keeps both on disk", async () => {
    const window =
      delivery.desktop.windows.find(({ title }) => title === "Agent 1") ?? delivery.desktop.windows[0];
    if (!window) throw new Error("no window");
    window.composer.text = "half a thought\nhalf a thought";
    const sent = { id: "m1", to: window.title, text: "hello" };
    await delivery.resume(sent, { step: "intent", draftFile: null });
    expect(window.composer.text).toBe("half a thought");
    expect([...delivery.drafts.values()].map((each) => JSON.parse(each).text)).toEqual([
      "half a thought\nhalf a thought",
      "half a thought",
    ]);
  });

  it("never submits in a wrong window, never twice and never other words, whatever others do meanwhile", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(disturbance, { maxLength: 25 }),
        fc.array(pace, { minLength: 3, maxLength: 3 }),
        undisturbed,
      ),
      { numRuns: 120, seed: 20260101 },
    );
  }, 120_000);
});

type Disturbance = {
  readonly afterMs: number;
  readonly what: "focus" | "clipboard" | "pointer" | "flash";
  readonly who: number;
};

const disturbance = fc.record<Disturbance>({
  afterMs: fc.integer({ min: 1, max: 400 }),
  what: fc.constantFrom("focus", "clipboard", "pointer", "flash"),
  who: fc.nat(2),
});
const pace = fc.constantFrom(1, 3, 20, 120);

/** Six messages to three windows, with up to three attempts each, while the disturbances happen. */
async function undisturbed(disturbances: readonly Disturbance[], paces: readonly number[]): Promise<void> {
  const delivery = simulatedDelivery();
  const { desktop } = delivery;
  const windows = paces.map((keyMs, i) => desktop.open({ title: `W${i}`, keyMs }));
  try {
    let at = 0;
    for (const each of disturbances) {
      at += each.afterMs;
      desktop.clock.after(at, () => disturb(delivery, windows, each));
    }
    const outcomes = new Map<string, Outcome>();
    for (let i = 0; i < 6; i++) {
      const message = {
        id: `m${i}`,
        to: `W${i % 3}`,
        text: `[#m${i} from me] do number ${i}\nfor W${i % 3}`,
      };
      let outcome: Outcome = await delivery.deliver({ ...message, priority: "urgent" });
      for (let tries = 1; tries < 6 && /deferred|handed_back/.test(outcome.kind); tries++) {
        outcome = await delivery.deliver({ ...message, priority: "urgent" });
      }
      outcomes.set(message.text, outcome);
    }
    await desktop.settled();
    const all = windows.flatMap(({ title, composer }) =>
      composer.submissions.map((text) => ({ title, text })),
    );
    for (const { title, text } of all) {
      expect(outcomes.has(text), `submitted: ${text}`).toBe(true);
      expect(text.endsWith(`for ${title}`), `in ${title}: ${text}`).toBe(true);
    }
    for (const [text, outcome] of outcomes) {
      const times = all.filter((each) => each.text === text).length;
      const allowed = outcome.kind === "confirmed" ? [1] : outcome.kind === "unknown" ? [0, 1] : [0];
      expect(allowed, `${text}: ${JSON.stringify(outcome)}`).toContain(times);
    }
  } finally {
    await delivery.stop();
  }
}

function disturb(
  { desktop }: SimulatedDelivery,
  windows: readonly SimulatedWindow[],
  { what, who }: Disturbance,
): void {
  const window = windows[who];
  const { active } = desktop;
  if (what === "clipboard") desktop.clipboard = `vandal ${who}`;
  else if (what === "pointer") desktop.pointer = { x: 50 * who, y: 60 };
  else if (window) desktop.activate(window);
  // In front for a moment only.
  if (what === "flash") desktop.clock.after(2, () => desktop.activate(active));
}
