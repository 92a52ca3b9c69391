import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EDITOR_TEXT } from "./protocol.ts";
import { type Stage, startStage } from "./stage.ts";
import { until } from "./until.ts";

describe("the stage of the end-to-end tests", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage({
      windows: [
        { name: "Plain" },
        { name: "Rich", composer: "lexical" },
        { name: "Paragraphs", composer: "contenteditable" },
      ],
    });
  });
  afterAll(() => stage?.stop());
  beforeEach(async () => {
    await stage.pages.startAnew(["Plain", "Rich", "Paragraphs"]);
    stage.pages.forget();
  });

  async function clickComposer(name: string): Promise<void> {
    await stage.windows.activate(stage.windowOf(name));
    const { x, y } = await stage.composerAt(name);
    await stage.person.click(x, y);
    await until("the page has the keyboard", async () => (await stage.pages.state(name)).isActive);
  }

  it.each(["Plain", "Rich", "Paragraphs"])(
    "sees what is typed and submitted in the composer %s",
    async (name) => {
      await clickComposer(name);
      await stage.person.type("hello there");
      await until("the text is typed", async () => (await stage.pages.state(name)).text === "hello there");
      expect(stage.pages.submissions()).toEqual([]);
      await stage.person.press("shift+Return");
      await stage.person.type("second line");
      await stage.person.press("Return");
      const [submission] = await stage.pages.waitForSubmissions(name, 1);
      expect(submission?.text).toBe("hello there\nsecond line");
      expect(await stage.pages.state(name)).toMatchObject({ text: "", focus: "composer", isActive: true });
      expect(stage.pages.submissions()).toHaveLength(1);
    },
  );

  it.each(["Plain", "Rich", "Paragraphs"])(
    "takes a paste of several lines in the composer %s",
    async (name) => {
      const text = "first\tline\n\nthird 👩‍👩‍👧 中文 العربية\n# last";
      await stage.person.setClipboard(text);
      await clickComposer(name);
      await stage.person.press("ctrl+a", "ctrl+v", "Return");
      const [submission] = await stage.pages.waitForSubmissions(name, 1);
      expect(submission?.text).toBe(text);
    },
  );

  it.each(["Plain", "Rich", "Paragraphs"])(
    "holds a draft in the composer %s that can be copied",
    async (name) => {
      await stage.pages.setText(name, "one\ntwo\nthree");
      expect((await stage.pages.state(name)).text).toBe("one\ntwo\nthree");
      await clickComposer(name);
      await stage.person.press("ctrl+a", "ctrl+c");
      const copied = await until("the draft is in the clipboard", async () => {
        const text = await stage.person.clipboard();
        return text?.startsWith("one") && text;
      });
      expect(copied.split(/\n+/)).toEqual(["one", "two", "three"]);
    },
  );

  it("makes a new line and submits nothing where the point lies in an editor", async () => {
    await stage.pages.setMode("Plain", "editor");
    expect((await stage.pages.state("Plain")).text).toBe(EDITOR_TEXT);
    await clickComposer("Plain");
    await stage.person.press("ctrl+End", "Return");
    await until("the new line", async () => (await stage.pages.state("Plain")).text === `${EDITOR_TEXT}\n`);
    expect(stage.pages.submissions()).toEqual([]);
  });

  it("has no field at the point where the mode says so", async () => {
    await stage.pages.setMode("Plain", "no-field");
    expect((await stage.pages.state("Plain")).focus).toBe("composer");
    await clickComposer("Plain");
    await until(
      "the composer lost the focus",
      async () => (await stage.pages.state("Plain")).focus === "nothing",
    );
    await stage.person.type("lost");
    expect((await stage.pages.state("Plain")).text).toBe("");
  });

  it("tells that the focused button of a modal dialog was pressed", async () => {
    await stage.pages.setMode("Plain", "modal");
    await clickComposer("Plain");
    expect((await stage.pages.state("Plain")).focus).toBe("button");
    expect(stage.pages.presses("Plain")).toBe(0);
    await stage.person.press("Return");
    await until("the press arrives", () => stage.pages.presses("Plain") === 1);
    expect(stage.pages.submissions()).toEqual([]);
  });

  it("swallows the first Enter where the mode says so", async () => {
    await stage.pages.setMode("Rich", "swallow-enter-once");
    await clickComposer("Rich");
    await stage.person.type("again");
    await stage.person.press("Return");
    await until("the text is typed", async () => (await stage.pages.state("Rich")).text === "again");
    await stage.person.press("Return");
    expect(await stage.pages.waitForSubmissions("Rich", 1)).toHaveLength(1);
  });

  it("clears late where the mode says so, and submits twice when asked twice", async () => {
    await stage.pages.setMode("Plain", "late-clear");
    await clickComposer("Plain");
    await stage.person.type("late");
    await stage.person.press("Return", "Return");
    expect(await stage.pages.waitForSubmissions("Plain", 2)).toHaveLength(2);
    await until("it is cleared", async () => (await stage.pages.state("Plain")).text === "");
  });

  it.each([
    ["slow-busy", "Plain"],
    ["slow-deferred", "Rich"],
  ] as const)("answers 2 s late in mode %s", async (mode, name) => {
    await stage.pages.setMode(name, mode);
    await clickComposer(name);
    await stage.person.setClipboard("slow");
    const start = Date.now();
    await stage.person.press("ctrl+v");
    await until("the text arrives", async () => (await stage.pages.state(name)).text === "slow");
    await stage.person.press("ctrl+a", "ctrl+c", "Return");
    const [submission] = await stage.pages.waitForSubmissions(name, 1);
    expect(submission?.text).toBe("slow");
    expect((submission?.at ?? 0) - start).toBeGreaterThan(4000);
    expect((await stage.person.clipboard())?.trim()).toBe("slow");
  });

  it("starts pages anew that a hand, a command or a mode has reached, and leaves the others", async () => {
    const { pages, windows, person } = stage;
    const all = ["Plain", "Rich", "Paragraphs"];
    const texts = () => Promise.all(all.map(async (name) => (await pages.state(name)).text));
    await windows.activate(stage.windowOf("Paragraphs"));
    await clickComposer("Plain");
    await person.type("by hand");
    await pages.setText("Rich", "by command");
    await until("it shows", async () => (await pages.state("Plain")).text === "by hand");
    const untouched = await pages.history("Paragraphs");
    expect(untouched).not.toEqual([]);
    await pages.startAnew(all);
    expect(await texts()).toEqual(["", "", ""]);
    expect((await pages.history("Paragraphs")).slice(0, untouched.length)).toEqual(untouched);
    await pages.setMode("Plain", "editor");
    expect((await pages.state("Plain")).text).toBe(EDITOR_TEXT);
    await pages.startAnew(all);
    expect((await pages.state("Plain")).text).toBe("");
  });

  it("moves, covers, minimises and hides windows, and shows them again", async () => {
    const { windows } = stage;
    const [plain, rich] = [stage.windowOf("Plain"), stage.windowOf("Rich")];
    const home = await windows.place(plain);
    await windows.move(plain, { ...home, x: -200 });
    expect((await windows.place(plain)).x).toBeLessThan(0);
    await windows.move(rich, { ...home });
    await windows.activate(rich);
    await windows.minimise(plain);
    // The page, and the window manager, hear of it in their own time.
    await until("the page is hidden", async () => !(await stage.pages.state("Plain")).isVisible);
    await windows.activate(plain);
    await until("it is there again", async () => !(await windows.isMinimised(plain)));
    await windows.toWorkspace(plain, 1);
    expect([await windows.workspaceOf(plain), await windows.workspace()]).toEqual([1, 0]);
    await windows.setWorkspace(1);
    await windows.toWorkspace(plain, 0);
    await windows.setWorkspace(0);
    await windows.move(plain, home);
    await windows.activate(plain);
    expect(await windows.active()).toBe(plain);
  });

  it("closes a window, opens it again, and opens two with the same title", async () => {
    await stage.close("Plain");
    expect(
      await until("it is gone", async () => (await stage.windows.find("Plain - Chat")).length === 0),
    ).toBe(true);
    await stage.open({ name: "Plain" });
    expect(await stage.windows.one("Plain - Chat")).toBe(stage.windowOf("Plain"));
    await stage.open({ name: "Twin", title: "Plain - Chat" });
    expect(await stage.windows.find("Plain - Chat")).toHaveLength(2);
    await stage.close("Twin");
  });

  it("knows the pointer and what the screen shows", async () => {
    await stage.person.movePointer(700, 333);
    expect(await stage.person.pointer()).toEqual({ x: 700, y: 333 });
    const path = join(stage.desktop.folder, "screen.png");
    await stage.desktop.screenshot(path);
    expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
    expect(statSync(path).size).toBeGreaterThan(10_000);
  });
});
