import { Key } from "@nut-tree-fork/nut-js";
import { describe, expect, it } from "vitest";
import { keyNames } from "../../../src/desktop/nut/keys.ts";
import { BUILT_IN_PROFILES, profileForMac } from "../../../src/domain/profile.ts";

describe("key chords for nut-js", () => {
  it.each([
    ["Ctrl+A", ["LeftControl", "A"]],
    ["Cmd+V", ["LeftCmd", "V"]],
    ["Shift+Enter", ["LeftShift", "Return"]],
    ["ctrl + alt + delete", ["LeftControl", "LeftAlt", "Delete"]],
    ["F12", ["F12"]],
    ["Alt+1", ["LeftAlt", "Num1"]],
    ["Option+Left", ["LeftAlt", "Left"]],
  ])("%s are the keys %j", (chord, keys) => {
    expect(keyNames(chord)).toEqual(keys);
  });

  it("name a key that does not exist", () => {
    expect(() => keyNames("Ctrl+Enterr")).toThrow('the keyboard has no key "Enterr"');
    expect(() => keyNames("F25")).toThrow("F25");
    expect(() => keyNames("Ctrl+")).toThrow('no key ""');
  });

  it("of all built-in profiles are keys that nut-js knows, on macOS as well", () => {
    const profiles = [...BUILT_IN_PROFILES, ...BUILT_IN_PROFILES.map(profileForMac)];
    const chords = profiles.flatMap(({ selectAll, copy, paste, caretEnd, erase, submit, urgentSubmit }) => [
      ...[selectAll, copy, paste, caretEnd, erase, submit],
      ...(urgentSubmit === null ? [] : [urgentSubmit]),
    ]);
    expect(chords).toContain("Cmd+Down");
    const unknown = [...chords, "Shift+Left", "Shift+Right"]
      .flatMap(keyNames)
      .filter((name) => !(name in Key));
    expect(unknown).toEqual([]);
  });
});
