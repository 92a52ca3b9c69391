import { describe, expect, it } from "vitest";
import { EDITOR_TEXT, type Mode } from "../desktop-fixture/protocol.ts";
import { until } from "../desktop-fixture/until.ts";
import { cutOffAfter } from "./attempts.ts";
import { comparable } from "./desktop-agents.ts";
import { COMPOSERS, fourComposers } from "./four-composers.ts";

const SHAPES = {
  "several lines": "first\n\nthird\n- list\n  indented",
  scripts: "emoji 👩‍👩‍👧 中文 العربية עברית e\u0301 tab\there",
  "60 lines": Array.from({ length: 60 }, (_, i) => `line ${i + 1}`).join("\n"),
  "7,900 characters": "0123456789".repeat(790),
  "a leading slash": "/help me",
  markup: "<b>not bold</b> & `code` $(touch x) \\n 'quotes' \"double\"",
};

describe("a delivery to a real window", () => {
  const desk = fourComposers();

  describe.each(COMPOSERS)("with the composer %s", (name) => {
    it.each(Object.entries(SHAPES))("submits %s exactly once", async (_shape, body) => {
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), body);
      expect(made.outcome).toEqual({ kind: "confirmed" });
      const types = made.events.map(({ type }) => type).filter((type) => !type.startsWith("mark_"));
      expect(types).toEqual(["intent", "typed", "submitted"]);
      await desk.expectSubmitted(name, made.text);
    });

    it("puts a draft of paragraphs back as it was, with as many line breaks, however often", async () => {
      await desk.stage.pages.setText(name, "first\n\nsecond\nthird");
      const before = (await desk.stage.pages.state(name)).text;
      for (let message = 1; message <= 3; message += 1) {
        const made = await desk.attempts.deliver(desk.stage.titleOf(name), `message ${message}`);
        expect(made.outcome).toEqual({ kind: "confirmed" });
        expect((await desk.stage.pages.state(name)).text).toBe(before);
      }
      await desk.stage.pages.setText(name, "");
    });

    it("leaves the caret behind a draft: what a person types next follows it", async () => {
      for (let message = 1; message <= 5; message += 1) {
        await desk.stage.pages.setText(name, "a draft");
        const made = await desk.attempts.deliver(desk.stage.titleOf(name), `message ${message}`);
        expect(made.outcome).toEqual({ kind: "confirmed" });
        await desk.stage.windows.activate(desk.stage.windowOf(name));
        await desk.stage.person.type("!");
        await until("it shows", async () => (await desk.stage.pages.state(name)).text.includes("!"));
        expect((await desk.stage.pages.state(name)).text).toBe("a draft!");
        await desk.stage.windows.activate(desk.stage.windowOf("Person"));
      }
      await desk.stage.pages.setText(name, "");
    });

    it("saves a draft of 3 lines and puts it back", async () => {
      await desk.stage.pages.setText(name, "my draft\nits second line\nand the third");
      const before = (await desk.stage.pages.state(name)).text;
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), "with a draft there");
      expect(made.outcome).toEqual({ kind: "confirmed" });
      expect(made.drafts).toHaveLength(1);
      await desk.expectSubmitted(name, made.text);
      expect(comparable((await desk.stage.pages.state(name)).text)).toBe(before);
    });

    it("removes a stray text of its own instead of putting it back", async () => {
      await desk.stage.pages.setText(name, "[#msg_1 from Captain] an earlier attempt");
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), "the next", {
        recentTexts: ["[#msg_1 from Captain] an earlier attempt"],
      });
      expect(made.outcome).toEqual({ kind: "confirmed" });
      await desk.expectSubmitted(name, made.text);
      expect((await desk.stage.pages.state(name)).text).toBe("");
    });

    it.each<Mode>(["swallow-enter-once", "late-clear", "leaves-break"])(
      "submits exactly once on a page in mode %s",
      async (mode) => {
        await desk.stage.pages.setMode(name, mode);
        await desk.stage.windows.activate(desk.stage.windowOf("Person"));
        const made = await desk.attempts.deliver(desk.stage.titleOf(name), `patient\nmessage`);
        expect(made.outcome).toEqual({ kind: "confirmed" });
        await desk.stage.pages.setMode(name, "normal");
        await desk.expectSubmitted(name, made.text);
      },
    );

    it.each<Mode>(["swallow-enter", "break-line"])("takes the text out again in mode %s", async (mode) => {
      await desk.stage.pages.setMode(name, mode);
      await desk.stage.pages.setText(name, "a draft");
      await desk.stage.windows.activate(desk.stage.windowOf("Person"));
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), "never taken");
      expect(made.outcome).toMatchObject({ kind: "rejected", error: { code: "not_submitted" } });
      expect(desk.stage.pages.submissions()).toEqual([]);
      expect((await desk.stage.pages.state(name)).text).toBe("a draft");
    });

    it("goes on from a text that a crash left typed", async () => {
      const text = "[#msg_20260101_000000_0000beef from Captain] left typed";
      await desk.stage.pages.setText(name, text);
      const made = await desk.attempts.resume(desk.stage.titleOf(name), text, cutOffAfter("typed"));
      expect(made.outcome).toEqual({ kind: "confirmed" });
      await desk.expectSubmitted(name, text);
    });

    it("removes a text that a crash left before it was proven", async () => {
      const text = "[#msg_20260101_000000_0000beef from Captain] left pasted";
      await desk.stage.pages.setText(name, text);
      const made = await desk.attempts.resume(desk.stage.titleOf(name), text, cutOffAfter("intent"));
      expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "worker_died" } });
      expect((await desk.stage.pages.state(name)).text).toBe("");
      expect(desk.stage.pages.submissions()).toEqual([]);
    });

    it("does not type again what was typed before a crash and is gone", async () => {
      const text = "[#msg_20260101_000000_0000beef from Captain] gone";
      const made = await desk.attempts.resume(desk.stage.titleOf(name), text, cutOffAfter("typed"));
      expect(made.outcome).toMatchObject({ kind: "unknown", error: { code: "submit_unproven" } });
      expect(desk.stage.pages.submissions()).toEqual([]);
    });
  });

  it("changes nothing in a text editor with 500 lines", async () => {
    await desk.stage.pages.setMode("Plain", "editor");
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    const made = await desk.attempts.deliver(desk.stage.titleOf("Plain"), "hello");
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "draft_present" } });
    expect((await desk.stage.pages.state("Plain")).text).toBe(EDITOR_TEXT);
    expect(desk.stage.pages.submissions()).toEqual([]);
  });

  it("submits nothing where there is no field", async () => {
    await desk.stage.pages.setMode("Plain", "no-field");
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    const made = await desk.attempts.deliver(desk.stage.titleOf("Plain"), "hello");
    expect(made.outcome, JSON.stringify(made)).toMatchObject({
      kind: "deferred",
      error: { code: "composer_not_found" },
    });
    expect(desk.stage.pages.submissions()).toEqual([]);
    expect((await desk.stage.pages.state("Plain")).text).toBe("");
  });

  it("presses no button of a modal dialog", async () => {
    await desk.stage.pages.setMode("Plain", "modal");
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    const made = await desk.attempts.deliver(desk.stage.titleOf("Plain"), "hello");
    expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "composer_not_found" } });
    expect(desk.stage.pages.presses("Plain")).toBe(0);
    expect(desk.stage.pages.submissions()).toEqual([]);
  });

  it("refuses a window whose composer takes no text", async () => {
    await desk.stage.pages.setMode("Plain", "read-only");
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    const made = await desk.attempts.deliver(desk.stage.titleOf("Plain"), "hello");
    expect(made.outcome.kind).toBe("deferred");
    expect(desk.stage.pages.submissions()).toEqual([]);
  });

  it("delivers to windows that are covered, half off the screen, minimised, or on another workspace", async () => {
    const id = desk.stage.windowOf("Plain");
    const title = desk.stage.titleOf("Plain");
    const home = await desk.stage.windows.place(id);
    await desk.stage.windows.move(id, { ...home, x: -200 });
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    expect((await desk.attempts.deliver(title, "off the left")).outcome).toEqual({ kind: "confirmed" });
    expect((await desk.stage.windows.place(id)).x).toBeLessThan(-150);
    await desk.stage.windows.move(id, await desk.stage.windows.place(desk.stage.windowOf("Person")));
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    expect((await desk.attempts.deliver(title, "covered")).outcome).toEqual({ kind: "confirmed" });
    await desk.stage.windows.move(id, home);
    await desk.stage.windows.minimise(id);
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    expect((await desk.attempts.deliver(title, "minimised")).outcome).toEqual({ kind: "confirmed" });
    expect(await desk.stage.windows.isMinimised(id)).toBe(true);
    await desk.stage.windows.activate(id);
    await desk.stage.windows.toWorkspace(id, 1);
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    expect((await desk.attempts.deliver(title, "elsewhere")).outcome).toEqual({ kind: "confirmed" });
    expect(await desk.stage.windows.workspace()).toBe(0);
    await desk.stage.windows.toWorkspace(id, 0);
    await desk.stage.windows.activate(desk.stage.windowOf("Person"));
    const bodies = desk.stage.pages.submissions("Plain").map((s) => s.text.replace(/^\[.*\] /, ""));
    expect(bodies).toEqual(["off the left", "covered", "minimised", "elsewhere"]);
  });
});
