import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { EDITOR_TEXT, type Mode } from "../desktop-fixture/protocol.ts";
import { renderersOf } from "../desktop-fixture/renderers.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { until } from "../desktop-fixture/until.ts";
import { type Attempts, attemptsOn, cutOffAfter } from "./attempts.ts";

const STANDSTILL_MS = 900;

const COMPOSERS = ["Plain", "Rich", "Web", "Paragraphs"] as const;
const SHAPES = {
  "several lines": "first\n\nthird\n- list\n  indented",
  scripts: "emoji 👩‍👩‍👧 中文 العربية עברית e\u0301 tab\there",
  "60 lines": Array.from({ length: 60 }, (_, i) => `line ${i + 1}`).join("\n"),
  "7,900 characters": "0123456789".repeat(790),
  "a leading slash": "/help me",
  markup: "<b>not bold</b> & `code` $(touch x) \\n 'quotes' \"double\"",
};

describe("a delivery to a real window", () => {
  let stage: Stage;
  let attempts: Attempts;

  beforeAll(async () => {
    stage = await startStage({
      windows: [
        { name: "Plain" },
        { name: "Rich", composer: "lexical" },
        { name: "Web", composer: "prosemirror" },
        { name: "Paragraphs", composer: "contenteditable" },
        { name: "Person" },
      ],
    });
    attempts = attemptsOn(stage.desktop.display, INPUT_POINT);
  });
  afterAll(async () => {
    await attempts?.close();
    await stage?.stop();
  });
  beforeEach(async () => {
    for (const name of [...COMPOSERS, "Person"]) await stage.pages.setMode(name, "normal");
    stage.pages.forget();
    await stage.windows.activate(stage.windowOf("Person"));
    await stage.person.setClipboard("the person's clipboard");
    await stage.person.movePointer(1500, 950);
  });
  afterEach(async () => {
    // A page that answers a copy late, on a busy machine, has it for a moment.
    await expect.poll(() => stage.person.clipboard(), { timeout: 3_000 }).toBe("the person's clipboard");
    expect(await stage.person.pointer()).toEqual({ x: 1500, y: 950 });
    expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
  });

  function sameUpToLineBreaks(text: string): string {
    return text
      .replace(/[ \t]+(?=\n|$)/g, "")
      .replace(/\n{2,}/g, "\n")
      .trim();
  }

  async function expectSubmitted(name: string, text: string): Promise<void> {
    await stage.pages.waitForSubmissions(name, 1);
    expect(stage.pages.submissions().map((s) => [s.page, sameUpToLineBreaks(s.text)])).toEqual([
      [name, sameUpToLineBreaks(text)],
    ]);
  }

  describe.each(COMPOSERS)("with the composer %s", (name) => {
    it.each(Object.entries(SHAPES))("submits %s exactly once", async (_shape, body) => {
      const made = await attempts.deliver(stage.titleOf(name), body);
      expect(made.outcome).toEqual({ kind: "confirmed" });
      const types = made.events.map(({ type }) => type).filter((type) => !type.startsWith("mark_"));
      expect(types).toEqual(["intent", "typed", "submitted"]);
      await expectSubmitted(name, made.text);
    });

    it("puts a draft of paragraphs back as it was, with as many line breaks, however often", async () => {
      await stage.pages.setText(name, "first\n\nsecond\nthird");
      const before = (await stage.pages.state(name)).text;
      for (let message = 1; message <= 3; message += 1) {
        const made = await attempts.deliver(stage.titleOf(name), `message ${message}`);
        expect(made.outcome).toEqual({ kind: "confirmed" });
        expect((await stage.pages.state(name)).text).toBe(before);
      }
      await stage.pages.setText(name, "");
    });

    it("leaves the caret behind a draft: what a person types next follows it", async () => {
      for (let message = 1; message <= 5; message += 1) {
        await stage.pages.setText(name, "a draft");
        const made = await attempts.deliver(stage.titleOf(name), `message ${message}`);
        expect(made.outcome).toEqual({ kind: "confirmed" });
        await stage.windows.activate(stage.windowOf(name));
        await stage.person.type("!");
        await until("it shows", async () => (await stage.pages.state(name)).text.includes("!"));
        expect((await stage.pages.state(name)).text).toBe("a draft!");
        await stage.windows.activate(stage.windowOf("Person"));
      }
      await stage.pages.setText(name, "");
    });

    it("saves a draft of 3 lines and puts it back", async () => {
      await stage.pages.setText(name, "my draft\nits second line\nand the third");
      const before = (await stage.pages.state(name)).text;
      const made = await attempts.deliver(stage.titleOf(name), "with a draft there");
      expect(made.outcome).toEqual({ kind: "confirmed" });
      expect(made.drafts).toHaveLength(1);
      await expectSubmitted(name, made.text);
      expect(sameUpToLineBreaks((await stage.pages.state(name)).text)).toBe(before);
    });

    it("removes a stray text of its own instead of putting it back", async () => {
      await stage.pages.setText(name, "[#msg_1 from Captain] an earlier attempt");
      const made = await attempts.deliver(stage.titleOf(name), "the next", {
        recentTexts: ["[#msg_1 from Captain] an earlier attempt"],
      });
      expect(made.outcome).toEqual({ kind: "confirmed" });
      await expectSubmitted(name, made.text);
      expect((await stage.pages.state(name)).text).toBe("");
    });

    it.each<Mode>(["slow-deferred", "swallow-enter-once", "late-clear", "leaves-break", "waits-for-answer"])(
      "submits exactly once on a page in mode %s",
      async (mode) => {
        await stage.pages.setMode(name, mode);
        await stage.windows.activate(stage.windowOf("Person"));
        const made = await attempts.deliver(stage.titleOf(name), `patient\nmessage`);
        expect(made.outcome).toEqual({ kind: "confirmed" });
        await stage.pages.setMode(name, "normal");
        await expectSubmitted(name, made.text);
      },
    );

    it("claims nothing of a field that is closed after the submit", async () => {
      await stage.pages.setMode(name, "closes");
      await stage.windows.activate(stage.windowOf("Person"));
      const made = await attempts.deliver(stage.titleOf(name), "the last one");
      // A closed text area is silent for long; of the others, all that select-all reads is the page around them.
      expect(made.outcome).toMatchObject(
        name === "Plain" ? { kind: "confirmed" } : { kind: "unknown", error: { code: "submit_unproven" } },
      );
      await expectSubmitted(name, made.text);
    });

    it("puts a draft back on a page that answers 2 s late", async () => {
      await stage.pages.setText(name, "slow draft");
      await stage.pages.setMode(name, "slow-deferred");
      await stage.pages.setText(name, "slow draft");
      await stage.windows.activate(stage.windowOf("Person"));
      const made = await attempts.deliver(stage.titleOf(name), "late");
      expect(made.outcome).toEqual({ kind: "confirmed" });
      await until("the draft is back", async () => (await stage.pages.state(name)).text === "slow draft");
      await expectSubmitted(name, made.text);
    });

    it.each<Mode>(["swallow-enter", "break-line"])("takes the text out again in mode %s", async (mode) => {
      await stage.pages.setMode(name, mode);
      await stage.pages.setText(name, "a draft");
      await stage.windows.activate(stage.windowOf("Person"));
      const made = await attempts.deliver(stage.titleOf(name), "never taken");
      expect(made.outcome).toMatchObject({ kind: "rejected", error: { code: "not_submitted" } });
      expect(stage.pages.submissions()).toEqual([]);
      expect((await stage.pages.state(name)).text).toBe("a draft");
    });

    it("goes on from a text that a crash left typed", async () => {
      const text = "[#msg_20260101_000000_0000beef from Captain] left typed";
      await stage.pages.setText(name, text);
      const made = await attempts.resume(stage.titleOf(name), text, cutOffAfter("typed"));
      expect(made.outcome).toEqual({ kind: "confirmed" });
      await expectSubmitted(name, text);
    });

    it("removes a text that a crash left before it was proven", async () => {
      const text = "[#msg_20260101_000000_0000beef from Captain] left pasted";
      await stage.pages.setText(name, text);
      const made = await attempts.resume(stage.titleOf(name), text, cutOffAfter("intent"));
      expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "worker_died" } });
      expect((await stage.pages.state(name)).text).toBe("");
      expect(stage.pages.submissions()).toEqual([]);
    });

    it("does not type again what was typed before a crash and is gone", async () => {
      const text = "[#msg_20260101_000000_0000beef from Captain] gone";
      const made = await attempts.resume(stage.titleOf(name), text, cutOffAfter("typed"));
      expect(made.outcome).toMatchObject({ kind: "unknown", error: { code: "submit_unproven" } });
      expect(stage.pages.submissions()).toEqual([]);
    });

    it("does not take a page that stands still for one that has submitted", async () => {
      await stage.pages.setMode(name, "swallow-enter");
      await stage.windows.activate(stage.windowOf("Person"));
      const renderers = await renderersOf(stage, stage.windowOf(name));
      expect(renderers.length).toBeGreaterThan(0);
      const made = await attempts.deliver(stage.titleOf(name), "typed on a page that then stops.", {
        onEvent(event) {
          if (event.type !== "typed") return;
          for (const pid of renderers) process.kill(pid, "SIGSTOP");
          setTimeout(() => {
            for (const pid of renderers) process.kill(pid, "SIGCONT");
          }, STANDSTILL_MS);
        },
      });
      expect(made.outcome).toMatchObject({ kind: "rejected", error: { code: "not_submitted" } });
      expect(stage.pages.submissions()).toEqual([]);
      expect((await stage.pages.state(name)).text).toBe("");
    });
  });

  it("changes nothing in a text editor with 500 lines", async () => {
    await stage.pages.setMode("Plain", "editor");
    await stage.windows.activate(stage.windowOf("Person"));
    const made = await attempts.deliver(stage.titleOf("Plain"), "hello");
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "draft_present" } });
    expect((await stage.pages.state("Plain")).text).toBe(EDITOR_TEXT);
    expect(stage.pages.submissions()).toEqual([]);
  });

  it("submits nothing where there is no field", async () => {
    await stage.pages.setMode("Plain", "no-field");
    await stage.windows.activate(stage.windowOf("Person"));
    const made = await attempts.deliver(stage.titleOf("Plain"), "hello");
    expect(made.outcome, JSON.stringify(made)).toMatchObject({
      kind: "deferred",
      error: { code: "composer_not_found" },
    });
    expect(stage.pages.submissions()).toEqual([]);
    expect((await stage.pages.state("Plain")).text).toBe("");
  });

  it("presses no button of a modal dialog", async () => {
    await stage.pages.setMode("Plain", "modal");
    await stage.windows.activate(stage.windowOf("Person"));
    const made = await attempts.deliver(stage.titleOf("Plain"), "hello");
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "composer_not_found" } });
    expect(stage.pages.presses("Plain")).toBe(0);
    expect(stage.pages.submissions()).toEqual([]);
  });

  it("refuses a window whose composer takes no text", async () => {
    await stage.pages.setMode("Plain", "read-only");
    await stage.windows.activate(stage.windowOf("Person"));
    const made = await attempts.deliver(stage.titleOf("Plain"), "hello");
    expect(made.outcome.kind).toBe("deferred");
    expect(stage.pages.submissions()).toEqual([]);
  });

  it("delivers to windows that are covered, half off the screen, minimised, or on another workspace", async () => {
    const id = stage.windowOf("Plain");
    const title = stage.titleOf("Plain");
    const home = await stage.windows.place(id);
    await stage.windows.move(id, { ...home, x: -200 });
    await stage.windows.activate(stage.windowOf("Person"));
    expect((await attempts.deliver(title, "off the left")).outcome).toEqual({ kind: "confirmed" });
    expect((await stage.windows.place(id)).x).toBeLessThan(-150);
    await stage.windows.move(id, await stage.windows.place(stage.windowOf("Person")));
    await stage.windows.activate(stage.windowOf("Person"));
    expect((await attempts.deliver(title, "covered")).outcome).toEqual({ kind: "confirmed" });
    await stage.windows.move(id, home);
    await stage.windows.minimise(id);
    await stage.windows.activate(stage.windowOf("Person"));
    expect((await attempts.deliver(title, "minimised")).outcome).toEqual({ kind: "confirmed" });
    expect(await stage.windows.isMinimised(id)).toBe(true);
    await stage.windows.activate(id);
    await stage.windows.toWorkspace(id, 1);
    await stage.windows.activate(stage.windowOf("Person"));
    expect((await attempts.deliver(title, "elsewhere")).outcome).toEqual({ kind: "confirmed" });
    expect(await stage.windows.workspace()).toBe(0);
    await stage.windows.toWorkspace(id, 0);
    await stage.windows.activate(stage.windowOf("Person"));
    const bodies = stage.pages.submissions("Plain").map((s) => s.text.replace(/^\[.*\] /, ""));
    expect(bodies).toEqual(["off the left", "covered", "minimised", "elsewhere"]);
  });
});
