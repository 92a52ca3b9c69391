import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { EDITOR_TEXT, type Mode } from "../desktop-fixture/protocol.ts";
import { renderersOf, stutter } from "../desktop-fixture/renderers.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { type Attempts, attemptsOn } from "./attempts.ts";

const COMPOSERS = ["Plain", "Rich", "Web", "Paragraphs"] as const;
const DELIVERIES = 20;
const EDITOR_ATTEMPTS = 10;
const STRAYS = 10;

describe("deliveries to pages that stand still for a moment now and then", () => {
  let stage: Stage;
  let attempts: Attempts;
  let isSmooth: () => void = () => undefined;

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
    stage.pages.forget();
    await stage.person.setClipboard("the person's clipboard");
  });
  afterEach(async () => {
    isSmooth();
    expect(await stage.person.clipboard()).toBe("the person's clipboard");
  });

  async function begin(name: string, mode: Mode): Promise<void> {
    await stage.pages.setMode(name, mode);
    // What is learned of the page while it runs smoothly is what misleads when it does not.
    if (mode === "normal") {
      for (let i = 0; i < 5; i++) await attempts.deliver(stage.titleOf(name), "smooth");
      await stage.pages.waitForSubmissions(name, 5);
      stage.pages.forget();
    }
    isSmooth = stutter(await renderersOf(stage, stage.windowOf(name)));
  }

  it.each(COMPOSERS)("submits each exactly once in the composer %s", async (name) => {
    await begin(name, "normal");
    const texts: string[] = [];
    for (let i = 0; i < DELIVERIES; i++) {
      const made = await attempts.deliver(stage.titleOf(name), `message ${i}\nand its second line`);
      expect(made.outcome).toEqual({ kind: "confirmed" });
      expect(made.drafts).toEqual([]);
      texts.push(made.text);
    }
    isSmooth();
    await stage.pages.waitForSubmissions(name, texts.length);
    expect(stage.pages.submissions().map((s) => s.text.replace(/\n+/g, "\n"))).toEqual(texts);
    expect((await stage.pages.state(name)).text).toBe("");
  });

  it.each(COMPOSERS)("puts a draft back each time in the composer %s", async (name) => {
    await begin(name, "normal");
    await stage.pages.setText(name, "my draft");
    const texts: string[] = [];
    for (let i = 0; i < DELIVERIES; i++) {
      const made = await attempts.deliver(stage.titleOf(name), `message ${i}`);
      expect(made.outcome).toEqual({ kind: "confirmed" });
      texts.push(made.text);
      expect((await stage.pages.state(name)).text).toBe("my draft");
    }
    isSmooth();
    await stage.pages.waitForSubmissions(name, texts.length);
    expect(stage.pages.submissions().map((s) => s.text)).toEqual(texts);
  });

  it.each(COMPOSERS)("takes out a text of its own that it had to leave, in the composer %s", async (name) => {
    await begin(name, "normal");
    const stray = "[#msg_1 from Captain] an earlier attempt";
    for (let i = 0; i < STRAYS; i++) {
      await stage.pages.setText(name, stray);
      const made = await attempts.deliver(stage.titleOf(name), `message ${i}`, { recentTexts: [stray] });
      expect(made.outcome).toEqual({ kind: "confirmed" });
      // Saved as what a person may have quoted, once or as often as the page pasted it; not put back.
      expect(made.drafts.map((draft) => JSON.parse(draft).text.replaceAll(stray, ""))).toEqual(
        made.drafts.map(() => ""),
      );
      expect((await stage.pages.state(name)).text).toBe("");
    }
    isSmooth();
    await stage.pages.waitForSubmissions(name, STRAYS);
    expect(stage.pages.submissions().filter(({ text }) => text.includes("an earlier attempt"))).toEqual([]);
  });

  it("changes nothing in a text editor", async () => {
    await begin("Plain", "editor");
    for (let i = 0; i < EDITOR_ATTEMPTS; i++) {
      const made = await attempts.deliver(stage.titleOf("Plain"), "hello");
      expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "draft_present" } });
      expect((await stage.pages.state("Plain")).text).toBe(EDITOR_TEXT);
    }
    expect(stage.pages.submissions()).toEqual([]);
  });
});
