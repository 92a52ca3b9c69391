import { describe, expect, it } from "vitest";
import { holdsNow, withoutOwnMark } from "../../../src/transports/desktop/control.ts";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { type Script, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const OWN_FIX = "[#msg_20260101_000000_0000abcd from Captain] fix it";

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

  it.each([
    [
      "between a person's keys behind a text of ours that has the same character in it",
      OWN_FIX,
      `${OWN_FIX}jxj`,
      `${OWN_FIX}jj`,
    ],
    ["no more of a text of ours that a person has typed behind", OWN_FIX, `${OWN_FIX}jq`, `${OWN_FIX}jq`],
    [
      "within a draft that has others, and was saved without it",
      "a fox, jazz",
      "a fox,x jazz",
      "a fox, jazz",
    ],
    ["at its end", "a fox", "a foxx", "a fox"],
    ["behind it, before what a person typed later", "a fox", "a foxx jazz", "a fox jazz"],
    ["perhaps any of several", "jazz", "a fox at xmas", "a fox at xmas"],
  ])("is told from those of a person: %s", (_what, known, read, rest) => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, known === OWN_FIX ? OWN_FIX : OWN);
    if (known !== OWN_FIX) work.draft = { content: { text: known, flavors: {} }, file: "draft-1" };
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
