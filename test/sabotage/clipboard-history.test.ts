import { describe, expect, it } from "vitest";
import { clipboardsThatMayRemain } from "./clipboard-history.ts";
import type { Told } from "./plan.ts";

const wrote = (text: string): Told => ({ kind: "vandal", did: "wrote", text });
const lost = (text: string, heldMs: number, to: "browser" | "other"): Told => ({
  kind: "vandal",
  did: "lost",
  text,
  heldMs,
  to,
});

describe("what may be in the clipboard after a history of writings", () => {
  it.each<[string, readonly Told[], readonly string[]]>([
    ["what was there first, where nobody wrote", [], ["first"]],
    ["the newest", [wrote("a"), wrote("b")], ["b"]],
    ["the newest, also where swarm took it over at once", [wrote("a"), lost("a", 1, "other")], ["a"]],
    ["the one before, where a copy came in between", [wrote("a"), lost("a", 3, "browser")], ["a", "first"]],
    ["the newest, where it could have been read for long", [wrote("a"), lost("a", 900, "browser")], ["a"]],
  ])("is %s", (_, told, texts) => {
    expect(clipboardsThatMayRemain("first", told)).toEqual(texts);
  });
});
