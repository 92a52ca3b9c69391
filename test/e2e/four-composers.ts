/** Four windows, one with each kind of composer, and a person's window, for the tests of one file. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { INPUT_POINT } from "../desktop-fixture/pages.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import { type Attempts, attemptsOn } from "./attempts.ts";
import { comparable } from "./desktop-agents.ts";

export const COMPOSERS = ["Plain", "Rich", "Web", "Paragraphs"] as const;
export type Composer = (typeof COMPOSERS)[number];

/** Seen on screen while a test runs; after each, the person's clipboard must be as it was. */
export interface FourComposers {
  readonly stage: Stage;
  readonly attempts: Attempts;
  /** Just this text, once, and nothing elsewhere. */
  expectSubmitted(name: string, text: string): Promise<void>;
}

const CLIPBOARD = "the person's clipboard";

/** To be called in the body of a `describe`: its hooks start and stop the windows. */
export function fourComposers(): FourComposers {
  let stage: Stage | undefined;
  let attempts: Attempts | undefined;
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the windows are not started before the first test");
    return value;
  };

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
    const { pages, windows, windowOf, person } = started(stage);
    await pages.startAnew([...COMPOSERS, "Person"]);
    pages.forget();
    await windows.activate(windowOf("Person"));
    await person.setClipboard(CLIPBOARD);
    await person.movePointer(1500, 950);
  });
  afterEach(async () => {
    const { windows, windowOf, person } = started(stage);
    // A page that answers a copy late, on a busy machine, has it for a moment.
    await expect.poll(() => person.clipboard(), { timeout: 3_000 }).toBe(CLIPBOARD);
    expect(await person.pointer()).toEqual({ x: 1500, y: 950 });
    expect(await windows.active()).toBe(windowOf("Person"));
  });

  return {
    get stage() {
      return started(stage);
    },
    get attempts() {
      return started(attempts);
    },
    async expectSubmitted(name, text) {
      const { pages } = started(stage);
      await pages.waitForSubmissions(name, 1);
      expect(pages.submissions().map((s) => [s.page, comparable(s.text)])).toEqual([
        [name, comparable(text)],
      ]);
    },
  };
}
