/** Deliveries to pages that stand still for a moment now and then: few in `npm test`, many in `npm run soak`. */
import { afterEach, expect, it } from "vitest";
import { EDITOR_TEXT, type Mode } from "../desktop-fixture/protocol.ts";
import { renderersOf, stutter } from "../desktop-fixture/renderers.ts";
import { COMPOSERS, fourComposers } from "./four-composers.ts";

export function stutteringPages(deliveries: number): void {
  const desk = fourComposers();
  let isSmooth: () => void = () => undefined;

  afterEach(() => isSmooth());

  async function begin(name: string, mode: Mode): Promise<void> {
    await desk.stage.pages.setMode(name, mode);
    // What is learned of the page while it runs smoothly is what misleads when it does not.
    if (mode === "normal") {
      for (let i = 0; i < 5; i++) await desk.attempts.deliver(desk.stage.titleOf(name), "smooth");
      await desk.stage.pages.waitForSubmissions(name, 5);
      desk.stage.pages.forget();
    }
    isSmooth = stutter(await renderersOf(desk.stage, desk.stage.windowOf(name)));
  }

  it.each(COMPOSERS)("submits each exactly once in the composer %s", async (name) => {
    await begin(name, "normal");
    const texts: string[] = [];
    for (let i = 0; i < deliveries; i++) {
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), `message ${i}\nand its second line`);
      expect(made.outcome).toEqual({ kind: "confirmed" });
      expect(made.drafts).toEqual([]);
      texts.push(made.text);
    }
    isSmooth();
    await desk.stage.pages.waitForSubmissions(name, texts.length);
    expect(desk.stage.pages.submissions().map((s) => s.text.replace(/\n+/g, "\n"))).toEqual(texts);
    expect((await desk.stage.pages.state(name)).text).toBe("");
  });

  it.each(COMPOSERS)("puts a draft back each time in the composer %s", async (name) => {
    await begin(name, "normal");
    await desk.stage.pages.setText(name, "my draft");
    const texts: string[] = [];
    for (let i = 0; i < deliveries; i++) {
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), `message ${i}`);
      expect(made.outcome).toEqual({ kind: "confirmed" });
      texts.push(made.text);
      expect((await desk.stage.pages.state(name)).text).toBe("my draft");
    }
    isSmooth();
    await desk.stage.pages.waitForSubmissions(name, texts.length);
    expect(desk.stage.pages.submissions().map((s) => s.text)).toEqual(texts);
  });

  it.each(COMPOSERS)("takes out a text of its own that it had to leave, in the composer %s", async (name) => {
    await begin(name, "normal");
    const stray = "[#msg_1 from Captain] an earlier attempt";
    for (let i = 0; i < deliveries; i++) {
      await desk.stage.pages.setText(name, stray);
      const made = await desk.attempts.deliver(desk.stage.titleOf(name), `message ${i}`, {
        recentTexts: [stray],
      });
      expect(made.outcome).toEqual({ kind: "confirmed" });
      // Saved as what a person may have quoted, once or as often as the page pasted it; not put back.
      expect(made.drafts.map((draft) => JSON.parse(draft).text.replaceAll(stray, ""))).toEqual(
        made.drafts.map(() => ""),
      );
      expect((await desk.stage.pages.state(name)).text).toBe("");
    }
    isSmooth();
    await desk.stage.pages.waitForSubmissions(name, deliveries);
    expect(desk.stage.pages.submissions().filter(({ text }) => text.includes("an earlier attempt"))).toEqual(
      [],
    );
  });

  it("changes nothing in a text editor", async () => {
    await begin("Plain", "editor");
    for (let i = 0; i < deliveries; i++) {
      const made = await desk.attempts.deliver(desk.stage.titleOf("Plain"), "hello");
      expect(made.outcome).toMatchObject({ kind: "deferred", error: { code: "draft_present" } });
      expect((await desk.stage.pages.state("Plain")).text).toBe(EDITOR_TEXT);
    }
    expect(desk.stage.pages.submissions()).toEqual([]);
  });
}
