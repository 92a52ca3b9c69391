import { describe, expect, it } from "vitest";
import type { PasteLook } from "../../../src/ports/desktop.ts";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { type Script, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const OVERTAKEN: PasteLook = { look: SILENCE, isTaken: false, overtaken: { held: null } };
const pasted = (held: string): PasteLook => ({ look: text(held), isTaken: true, overtaken: null });

describe("a page that answers a look only when the paste is on its way", () => {
  it("gets its draft back, however often that happens", async () => {
    const script: Script = {
      looks: Array.from({ length: 6 }, () => SILENCE),
      pastes: [OVERTAKEN, OVERTAKEN, OVERTAKEN, OVERTAKEN, pasted("my draft")],
      pressed: [],
    };
    const work = scriptedWork(script, OWN);
    work.draft = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
    work.mayBeEntered = true;
    expect(await putBack(work)).toBe(true);
    expect(script.pastes).toEqual([]);
    expect(work.draft).toBeNull();
  });

  it("is told from an editor, whose text is put right again and never saved as a draft", async () => {
    const editor = "a line of a program\n".repeat(100);
    const script: Script = {
      // Nothing at first; then the paste was undone; then one step back from the end.
      looks: [SILENCE, text(editor), text("\n")],
      pastes: [
        { look: text(editor + OWN), isTaken: true, overtaken: { held: { text: editor, flavors: {} } } },
      ],
      pressed: [],
    };
    const work = scriptedWork(script, OWN);
    expect(await fill(work)).toMatchObject({ kind: "deferred", error: { code: "draft_present" } });
    expect(work.isTextLeft).toBe(false);
    expect(work.drafts).toEqual([]);
    expect(script.looks).toEqual([]);
  });
});
