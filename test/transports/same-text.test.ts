import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  besides,
  edited,
  halfOf,
  isBlank,
  isOfDraft,
  sameText,
  without,
} from "../../src/transports/desktop/same-text.ts";

describe("texts of composers", () => {
  it.each([
    ["a\nb", "a\n\nb"],
    ["a\r\nb", "a\nb"],
    ["a  \nb\t", "a\nb"],
    ["", "\n"],
    ["a\n\n\nb\n", "a\nb"],
  ])("%j and %j are the same up to line breaks and trailing blanks", (a, b) => {
    expect(sameText(a, b)).toBe(true);
  });

  it.each([
    ["a b", "a  b"],
    ["a\nb", "ab"],
    [" a", "a"],
    ["\u00e9", "e\u0301"],
    ["a", "A"],
    ["👩‍👩‍👧", "👩👩👧"],
  ])("%j and %j differ", (a, b) => {
    expect(sameText(a, b)).toBe(false);
  });

  it("differ whenever a character other than a line break or a trailing blank differs", () => {
    const word = fc.stringMatching(/^[a-z0-9é中]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.array(word, { minLength: 1 }), (a, b) => {
        expect(sameText(a.join("\n"), b.join("\n\n"))).toBe(a.join("\n") === b.join("\n"));
      }),
    );
  });

  it("are blank when only line breaks and blanks are in them", () => {
    expect(isBlank("\n \n\t")).toBe(true);
    expect(isBlank("\n.")).toBe(false);
  });

  it.each([
    ["my draft[#1] text", "[#1] text", "my draft"],
    ["my draft\n\n[#1] text\nmore", "[#1] text\n\nmore", "my draft"],
    ["dr[#1] textaft", "[#1] text", "draft"],
    ["[#1] text", "[#1] text", ""],
  ])("of %j without %j %j is left", (whole, part, rest) => {
    expect(without(whole, part)).toBe(rest);
  });

  it.each([
    ["other words", "[#1] text"],
    ["[#1] text [#1] text", "[#1] text"],
    ["anything", ""],
  ])("%j does not hold %j exactly once", (whole, part) => {
    expect(without(whole, part)).toBeNull();
  });

  it.each([
    ["[#1] textq", "[#1] text", "q"],
    ["draft[#1] texq", "[#1] text", "draftq"],
    ["[#1] a family \u{1f468}\u{200d}\u{1f469}", "[#1] a family \u{1f468}\u{200d}\u{1f469}", ""],
    ["[#1] a family q", "[#1] a family \u{1f468}\u{200d}\u{1f469}", " q"],
    ["[#1] te", "[#1] text", null],
    [
      "draft[#msg_20260101_000000_0000abcd] onqjz two three",
      "[#msg_20260101_000000_0000abcd] one two three",
      "draftqjz",
    ],
    [
      "[#msg_20260101_000000_0000abcd] one two qjthree\nmore",
      "[#msg_20260101_000000_0000abcd] one two three",
      "qj\nmore",
    ],
    [
      "draft[#msg_2026qjz0101_000000_0000abcd] one two three",
      "[#msg_20260101_000000_0000abcd] one two three",
      "draftqjz",
    ],
    ["[#msg_20260101_000000_0000abcd] one\nqj", "[#msg_20260101_000000_0000abcd] one\ntwo three", "qj"],
    [
      "draft[#msg_20260101_000000_0000abcd] one q two j three four five six",
      "[#msg_20260101_000000_0000abcd] one two three four five six",
      "draftq j",
    ],
    ["[#msg_20260101_000000_0000abcd] one q two j 1", "[#msg_20260101_000000_0000abcd] one two 1", "q j"],
    [
      "[#msg_20260101_000000_0000abcd] one q 2 and 1",
      "[#msg_20260101_000000_0000abcd] one two 1",
      "q 2 and 1",
    ],
    ["[#msg_20260101_000000_0000beef] one two", "[#msg_20260101_000000_0000abcd] one two", null],
    ["[#msg_20260101_000000_0000abcd] one", "[#msg_20260101_000000_0000abcd] one two three", null],
  ])("in %j, which was %j, a person has typed %j", (whole, own, rest) => {
    expect(besides(whole, own)).toBe(rest);
  });

  it.each([
    ["one line that is not finishezz", "one line that is not finished", "one line that is not finishedzz"],
    ["qone line that is not finishe", "one line that is not finished", "qone line that is not finished"],
    ["one line that is notzz", "one line that is not finished", "one line that is notzz"],
    ["my draftmy draft", "my draft", "my draft"],
    ["my draft\nmy draft", "my draft", "my draft"],
    ["my drafts\nmy drafty", "my draft", "my draftsy"],
    ["my draft qj more, my dress", "my draft", "my draft qj more, my dress"],
    ["qone line that is notone line that is not q", "one line that is not ", "qone line that is not q"],
    ["one line that is noqone line that is noq", "one line that is not", "one line that is notq"],
    ["price: 5$ an hou$&", "price: 5$ an hour", "price: 5$ an hour$&"],
    ["my draft", "my draft", "my draft"],
    ["first part\nqj\nsecond part", "first part\nsecond part", "first part\nqj\nsecond part"],
    ["abab", "ab", null],
    ["az", "ab", null],
    ["other words that are longer", "one line that is not finished", null],
    ["", "", null],
  ])("of %j, where %j stood, %j is what a person wrote", (now, draft, whole) => {
    expect(edited(now, draft)).toBe(whole);
  });

  it.each([
    ["my draftmy draft", "my draft"],
    ["two\nlinestwo\nlines", "two\nlines"],
    ["my draft\nmy draft", "my draft"],
    ["my draft", null],
    ["", null],
  ])("%j holds twice %j", (text, half) => {
    expect(halfOf(text)).toBe(half);
  });

  it.each([
    ["the draft itself", "my draft", true],
    ["the draft twice", "my draftmy draft", true],
    ["its last character", "t", true],
    ["all but its last character", "my draf", true],
    ["more than the draft", "my draft, and more", false],
    ["something else", "your draft", false],
  ])("tells whether a person added something: %s", (_what, now, isOf) => {
    expect(isOfDraft(now, "my draft")).toBe(isOf);
  });
});
