/** Another program copies something in the moment of a paste, and takes it away before anybody could read it. */
import { describe, expect, it } from "vitest";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { type ScriptedWork, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const DRAFT = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
const COPIED = "copied elsewhere";

/** A field into which the first paste puts another program's text; a person types elsewhere all the time. */
function field(held: string, isMissing: boolean): { readonly work: ScriptedWork; held: () => string } {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const state = { held, pastes: 0 };
  work.hands.untouchedMs = () => Promise.resolve(0);
  work.hands.submitIdleMs = () => Promise.resolve(0);
  work.hands.copiedByOthers = () =>
    Promise.resolve({ texts: [], isMissing: isMissing && state.pastes > 0, beforeKill: [] });
  const read = (isEnd = false) => {
    const now = isEnd ? state.held.slice(-1) : state.held;
    return now === "" ? ({ kind: "silence", ms: 5 } as const) : text(now);
  };
  work.hands.look = ({ select }) => {
    if (select.includes("x")) state.held += "x";
    return Promise.resolve({ ok: true, look: read(select.includes("Shift+Left")) });
  };
  work.hands.press = (chords) => {
    if (chords.includes("Backspace")) state.held = chords.includes("Ctrl+A") ? "" : state.held.slice(0, -1);
    return Promise.resolve({ ok: true });
  };
  work.hands.pasteAndLook = ({ text: offered }, { before }) => {
    const pasted = before === "Ctrl+A" && state.pastes++ === 0 ? COPIED : offered;
    state.held = before === "Ctrl+A" ? pasted : state.held + pasted;
    return Promise.resolve({ ok: true, look: read(), isTaken: true, overtaken: null });
  };
  return { work, held: () => state.held };
}

describe("what stands there in place of a text of ours", () => {
  it("is no part of the draft that was to be put back", async () => {
    const { work, held } = field("", true);
    work.draft = DRAFT;
    work.mayBeEntered = true;
    expect(await putBack(work)).toBe(true);
    expect(held()).toBe("my draft");
    expect(work.drafts.map((saved) => JSON.parse(saved).text)).toContain(COPIED);
  });

  it("is put back with the draft where no other program copied anything: a person wrote it", async () => {
    const { work, held } = field("", false);
    work.draft = DRAFT;
    work.mayBeEntered = true;
    await putBack(work);
    expect(held()).toContain(COPIED);
    expect(held()).toContain("my draft");
  });
});
