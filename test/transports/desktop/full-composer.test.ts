import { describe, expect, it } from "vitest";
import type { PasteLook } from "../../../src/ports/desktop.ts";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { remains } from "../../../src/transports/desktop/remains.ts";
import { type Script, type ScriptedWork, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const STANDSTILL_MS = 2_000;
const pasted = (held: string): PasteLook => ({ look: text(held), isTaken: true, overtaken: null });

/** A page that answers each look, but only after it has stood still. */
function standsStill(work: ScriptedWork, held: string): number[] {
  const patience: number[] = [];
  work.hands.look = (_keys, patienceMs) => {
    patience.push(patienceMs);
    return Promise.resolve({ ok: true, look: patienceMs > STANDSTILL_MS ? text(held) : SILENCE });
  };
  return patience;
}

describe("a page that stands still for 2 s while something stands in its composer", () => {
  it("is not taken for empty when the draft is put back, and gets no paste", async () => {
    const script: Script = { looks: [], pastes: [], pressed: [] };
    const work = scriptedWork(script, OWN);
    work.draft = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
    standsStill(work, "my draft");
    expect(await putBack(work)).toBe(true);
    expect(work.draft).toBeNull();
  });

  it("is not taken for empty by the next attempt: the text that was left is replaced, not typed beside", async () => {
    const script: Script = { looks: [], pastes: [pasted(OWN)], pressed: [] };
    const work = scriptedWork(script, OWN);
    work.isFullLikely = true;
    standsStill(work, OWN);
    expect(await fill(work)).toBeNull();
    expect(script.pressed).toEqual([`${work.profile.selectAll} paste:${OWN}`]);
  });

  it("is waited for no longer than usual where nothing was left", async () => {
    const script: Script = { looks: [], pastes: [pasted(OWN)], pressed: [] };
    const work = scriptedWork(script, OWN);
    const patience = standsStill(work, OWN);
    await fill(work);
    expect(patience[0]).toBeLessThan(STANDSTILL_MS);
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
