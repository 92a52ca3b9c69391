import { describe, expect, it } from "vitest";
import { heldBefore, isTail } from "../../../src/desktop/nut/tail.ts";
import { hasOneCharacter, lastCharacterKeys } from "../../../src/domain/last-character.ts";

describe("the last character of a text", () => {
  it.each([
    ["", true],
    ["y", true],
    ["👩‍👩‍👧‍👦", true],
    ["é́", true],
    ["ok", false],
    ["👩‍👩‍👧‍👦!", false],
    ["🇩🇪🇫🇷", false],
    ["x".repeat(8_000), false],
  ])("of %j is all of it: %s", (text, isOne) => {
    expect(hasOneCharacter(text)).toBe(isOne);
  });

  it.each([
    ["t", "run it", true],
    ["👩‍👩‍👧‍👦", "done 👩‍👩‍👧‍👦", true],
    // Editors drop blanks at the end, or copy the line break that they end a paragraph with.
    ["t", "run it \n\n", true],
    ["\r\n", "run it", true],
    ["last line\n", "first line\nlast line", true],
    ["a draft from before", "run it", false],
    ["i", "run it", false],
  ])("can be %j for %j: %s", (copied, text, is) => {
    expect(isTail(copied, text)).toBe(is);
  });

  it("lies to the right of the caret where the text runs from right to left", () => {
    expect(lastCharacterKeys("[#msg from me] نجحت")).toEqual(["Shift+Left", "Shift+Right"]);
    expect(lastCharacterKeys("123 نجحت ok")).toEqual(["Shift+Right", "Shift+Left"]);
    expect(lastCharacterKeys("שלום")).toEqual(["Shift+Right", "Shift+Left"]);
    expect(lastCharacterKeys("1 2 3")).toEqual(["Shift+Left", "Shift+Right"]);
  });
});

describe("what came into the clipboard before anything that was pasted", () => {
  it.each([
    ["the end of another program's text", "9", "copied at 949", null],
    ["the last line of it", "at 949", "copied\nby a person\nat 949", null],
    ["the end of it, behind a draft", "9", "my draftcopied at 949", null],
    ["a draft that a late page pasted once more", "my draft", "my draftmy draft", "my draft"],
    ["the same of two lines", "my\ndraft", "my\ndraft\nmy\ndraft", "my\ndraft"],
    ["a draft of one character, once more", "9", "99", "9"],
    ["a draft that something else came to stand behind", "my draft", "my draftcopied at 949", "my draft"],
    ["nothing", null, "copied at 949", null],
  ])("is %s", (_what, early, now, held) => {
    expect(heldBefore(early, now)).toBe(held);
  });
});
