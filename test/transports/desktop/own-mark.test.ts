import { describe, expect, it } from "vitest";
import { holdsNow, withoutOwnMark } from "../../../src/transports/desktop/control.ts";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { type Script, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";

describe("the character of a control that had to be left in the composer", () => {
  it.each([
    ["alone", "x", ""],
    ["behind what a person has typed", "a thoughtx", "a thought"],
    ["and once more, as a page pastes it that stood still", "x\n\nx", ""],
  ])("is no part of a draft: %s", (_what, read, rest) => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
    work.isMarkLeft = true;
    expect(withoutOwnMark(work, read)).toBe(rest);
  });

  it("is a person's where none was left", () => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
    expect(withoutOwnMark(work, "x")).toBe("x");
  });

  it("is not taken for gone where the page around the field is read, which shows the messages", async () => {
    const script: Script = { looks: [text(`Agent-1 - Chat\n${OWN}\n`)], pastes: [], pressed: [] };
    const work = scriptedWork(script, OWN);
    work.isMarkLeft = true;
    expect(await holdsNow(work, 1_000)).toEqual({ ok: true, holds: "no_mark" });
    expect(work.isMarkLeft).toBe(true);
  });

  it("is replaced with what a page pasted of it, and saved as nobody's draft", async () => {
    const doubled = { look: text("x\n\nx"), isTaken: true, overtaken: { held: null } };
    const script: Script = {
      looks: [{ kind: "silence", ms: 5 }, text("x\n\nx")],
      pastes: [doubled, { look: text(OWN), isTaken: true, overtaken: null }],
      pressed: [],
    };
    const work = scriptedWork(script, OWN);
    work.isMarkLeft = true;
    work.wasMarked = true;
    expect(await fill(work)).toBeNull();
    expect(work.drafts).toEqual([]);
    expect(work.draft).toBeNull();
  });
});
