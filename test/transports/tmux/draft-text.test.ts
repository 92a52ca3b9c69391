import { describe, expect, it } from "vitest";
import { isCutFrom, unwrapped, withRevealed } from "../../../src/transports/tmux/draft-text.ts";

describe("a draft that a composer has wrapped", () => {
  it("gets its long lines back, and keeps the breaks that the person made", () => {
    const shown = "this is a long line that the\ncomposer has broken\nand this is\nshort";
    expect(unwrapped(shown, 30)).toBe("this is a long line that the composer has broken\nand this is\nshort");
  });

  it("gets a word back that is longer than a row", () => {
    expect(unwrapped(`${"a".repeat(20)}\n${"a".repeat(5)} end`, 20)).toBe(`${"a".repeat(25)} end`);
  });

  it("counts characters that take two cells", () => {
    expect(unwrapped("请把测试跑一遍然后\n告诉我结果", 20)).toBe("请把测试跑一遍然后 告诉我结果");
    expect(unwrapped("请把测试\n告诉我", 20)).toBe("请把测试\n告诉我");
  });

  it("keeps empty lines", () => {
    expect(unwrapped("one\n\ntwo", 30)).toBe("one\n\ntwo");
  });
});

describe("a draft of which more comes into sight", () => {
  it("grows at its top while its end is taken out", () => {
    expect(withRevealed("c\nd\ne", "b\nc\nd")).toBe("b\nc\nd\ne");
  });

  it("grows at its end where the cursor stood further up", () => {
    expect(withRevealed("a\nb\nc", "b\nc\nd")).toBe("a\nb\nc\nd");
  });

  it("stays as it is where nothing new is shown", () => {
    expect(withRevealed("a\nb\nc", "a\nb")).toBe("a\nb\nc");
  });

  it("grows by rows of emoji alone", () => {
    expect(withRevealed("b\nc", "🎉👍\nb")).toBe("🎉👍\nb\nc");
    expect(withRevealed("b\nc", "👍\n🎉\nb")).toBe("👍\n🎉\nb\nc");
  });

  it("loses nothing where no row is known", () => {
    expect(withRevealed("a\nb", "x\ny")).toBe("x\ny\na\nb");
  });
});

describe("what is left of a draft", () => {
  it.each(["half a", "second line", "half line", "h", ""])("may be %j", (left) => {
    expect(isCutFrom("half a thought, and its second line", left)).toBe(true);
  });

  it.each([
    "half a thought, and its second line",
    "a thought",
    "half second",
    "something else",
    "half a line!",
  ])("is not %j", (text) => {
    expect(isCutFrom("half a thought, and its second line", text)).toBe(false);
  });
});
