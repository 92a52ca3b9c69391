import { describe, expect, it } from "vitest";
import type { PasteLook } from "../../../src/ports/desktop.ts";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { remains } from "../../../src/transports/desktop/remains.ts";
import { type Script, type ScriptedWork, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const PATIENT_MS = 1_000;
const pasted = (held: string): PasteLook => ({ look: text(held), isTaken: true, overtaken: null });

/** A page that stands still until it is waited for long enough, and answers from then on. Null: for good. */
function standsStill(work: ScriptedWork, held: string | null) {
  const page = { held: held ?? "", isStill: true };
  const { press } = work.hands;
  work.hands.look = (keys, patienceMs) => {
    page.isStill &&= held === null || patienceMs < PATIENT_MS;
    if (keys.select.includes("x")) page.held += "x";
    const read = keys.select.includes("Shift+Left") ? page.held.slice(-1) : page.held;
    return Promise.resolve({ ok: true, look: page.isStill || read === "" ? SILENCE : text(read) });
  };
  work.hands.press = (chords) => {
    if (chords.includes("Backspace")) page.held = page.held.slice(0, -1);
    return press(chords);
  };
  return page;
}

describe("a page that stands still while something stands in its composer", () => {
  it("is not taken for empty when the draft is put back, and gets no paste", async () => {
    const script: Script = { looks: [], pastes: [], pressed: [] };
    const work = scriptedWork(script, OWN);
    work.draft = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
    const page = standsStill(work, "my draft");
    expect(await putBack(work)).toBe(true);
    expect(work.draft).toBeNull();
    expect(page.held).toBe("my draft");
  });

  it("gets none where it does not answer at all: the draft stays on disk for the next attempt", async () => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
    work.draft = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
    standsStill(work, null);
    expect(await putBack(work)).toBe(false);
    expect(work.draft).not.toBeNull();
  });

  it("is not taken for empty by the next attempt, which types nothing where there is no answer", async () => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
    work.isFullLikely = true;
    standsStill(work, null);
    expect(await fill(work)).toMatchObject({ kind: "deferred", error: { code: "composer_not_found" } });
  });

  it("gets the draft at once where a paste of it left nothing there", async () => {
    const script: Script = {
      looks: [],
      pastes: [{ ...pasted(""), look: SILENCE }, pasted("my draft")],
      pressed: [],
    };
    const work = scriptedWork(script, OWN);
    work.draft = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
    work.mayBeEntered = true;
    const page = standsStill(work, "");
    page.isStill = false;
    expect(await putBack(work)).toBe(true);
    expect(page.held).toBe("");
    expect(script.pastes).toEqual([]);
  });

  it.each([
    ["its text was seen there", { isTextSeen: true, isTextLeft: true }, true],
    [
      "a draft is still to be put back",
      { draft: { content: { text: "my draft", flavors: {} }, file: "d" } },
      true,
    ],
    ["nothing was seen there", { isTextLeft: true }, false],
    ["it may have been submitted", { isTextSeen: true, isTextLeft: true, mayBeEntered: true }, false],
  ])("the next attempt is told where %s", async (_what, left, isFullLikely) => {
    const [last, next] = [OWN, OWN].map((own) => scriptedWork({ looks: [], pastes: [], pressed: [] }, own));
    if (!last || !next) throw new Error("no work");
    const known = remains();
    last.isRead = true;
    await known.note(Object.assign(last, left), false);
    await known.tell(next);
    expect(next.isFullLikely).toBe(isFullLikely);
  });

  it("is still not taken for empty where the attempt in between did not come to look", async () => {
    const works = [OWN, OWN, OWN].map((own) => scriptedWork({ looks: [], pastes: [], pressed: [] }, own));
    const [last, between, next] = works;
    if (!last || !between || !next) throw new Error("no work");
    const known = remains();
    await known.note(Object.assign(last, { isRead: true, isTextSeen: true, isTextLeft: true }), false);
    await known.tell(between);
    await known.note(between, true);
    await known.tell(next);
    expect(next.isFullLikely).toBe(true);
  });
});
