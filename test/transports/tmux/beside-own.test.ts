import { describe, expect, it } from "vitest";
import { TERMINAL_PROFILES } from "../../../src/domain/terminal-profile.ts";
import { beforeOwnCut, besideOwn } from "../../../src/transports/tmux/beside-own.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] please run the tests\nand tell me";
const MARK = TERMINAL_PROFILES.find(({ name }) => name === "claude")?.longPaste ?? "";

describe("what stands beside a text of ours", () => {
  it.each([
    ["nothing", OWN, ""],
    ["what a person typed behind it", `${OWN} and then`, " and then"],
    ["what a person typed before it", `wait: ${OWN}`, "wait: "],
    ["a line below it", `${OWN}\nmine`, "mine"],
    [
      "what stands behind a text that the composer has wrapped",
      `${OWN.replace("run the", "run\nthe")}x`,
      "x",
    ],
    ["emoji of a person", `${OWN} 🎉`, " 🎉"],
  ])("is %s", (_what, shown, rest) => {
    expect(besideOwn(shown, OWN, MARK)).toBe(rest);
  });

  it("does not count the emoji that our own text ends with", () => {
    expect(besideOwn(`${OWN} 👍🏽`, `${OWN} 👍🏽`, MARK)).toBe("");
    expect(besideOwn(`${OWN} 👍🏽 mine`, `${OWN} 👍🏽`, MARK)).toBe(" mine");
  });

  it("is what stands behind the mark for a long paste", () => {
    const long = "line\n".repeat(40).trim();
    expect(besideOwn("[Pasted text #1 +40 lines] mine", long, MARK)).toBe(" mine");
    expect(besideOwn("[Pasted text #1 +7 lines] mine", long, MARK)).toBeNull();
  });

  it("is what stands behind its end where its beginning has scrolled out of sight", () => {
    expect(besideOwn(`${OWN.slice(31)} mine`, OWN, MARK)).toBe(" mine");
  });

  it("is what stands before it where its end was taken out already", () => {
    expect(beforeOwnCut(`a draft\n${OWN.slice(0, -3)}`, OWN, 24)).toBe("a draft");
    expect(beforeOwnCut(OWN.slice(0, 30), OWN, 24)).toBe("");
    expect(beforeOwnCut("a draft[#", OWN, 1)).toBe("a draft");
    expect(beforeOwnCut("a draft[#", OWN, 24)).toBeNull();
    expect(beforeOwnCut(`a draft\n${OWN.slice(0, 40)} and more`, OWN, 24)).toBeNull();
  });

  it("is not known where nothing of ours is there", () => {
    expect(besideOwn("a prompt of a person", OWN, MARK)).toBeNull();
    expect(besideOwn("🎉", "👍", MARK)).toBeNull();
  });
});
