import { describe, expect, it } from "vitest";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { remains } from "../../../src/transports/desktop/remains.ts";
import { fieldFor } from "./scripted-field.ts";
import { scriptedWork } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const PATIENT_MS = 1_000;
const DRAFT = { content: { text: "my draft", flavors: {} }, file: "draft-1" };

/** Work on a page that stands still until it is waited for long enough, and answers from then on; or for good. */
function onStillPage(held: string, isForGood = false) {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const offered: string[] = [];
  const waits: number[] = [];
  let isStill = true;
  const field = fieldFor(work, held, {
    hasAnswer(patienceMs) {
      waits.push(patienceMs);
      isStill &&= isForGood || patienceMs < PATIENT_MS;
      return !isStill;
    },
    lands(text) {
      offered.push(text);
      return text;
    },
  });
  return { work, field, offered, waits };
}

describe("a page that stands still while something stands in its composer", () => {
  it("is not taken for empty when the draft is put back, and gets no paste", async () => {
    const { work, field, offered } = onStillPage("my draft");
    work.draft = DRAFT;
    expect(await putBack(work)).toBe(true);
    expect(work.draft).toBeNull();
    expect([field.held, offered]).toEqual(["my draft", []]);
  });

  it("gets none where it does not answer at all: the draft stays on disk for the next attempt", async () => {
    const { work, offered, waits } = onStillPage("my draft", true);
    work.draft = DRAFT;
    expect(await putBack(work)).toBe(false);
    // Once, not at each try: it may stand still for long.
    expect(waits.filter((ms) => ms >= PATIENT_MS)).toHaveLength(1);
    expect(work.draft).toBe(DRAFT);
    expect(offered).toEqual([]);
  });

  it("is not taken for empty by the next attempt, which pastes nothing where there is no answer", async () => {
    const { work, offered } = onStillPage(OWN, true);
    work.isFullLikely = true;
    expect(await fill(work)).toMatchObject({ kind: "deferred", error: { code: "composer_not_found" } });
    expect(offered).toEqual([]);
  });

  it("gets the draft at once where a paste of it left nothing there", async () => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
    let pastes = 0;
    const field = fieldFor(work, "", { lands: (offered) => (pastes++ === 0 ? "" : offered) });
    work.draft = DRAFT;
    work.mayBeEntered = true;
    expect(await putBack(work)).toBe(true);
    expect([field.held, pastes]).toEqual(["my draft", 2]);
  });

  it.each([
    ["its text was seen there", { isTextSeen: true, isTextLeft: true }, true],
    ["a draft is still to be put back", { draft: DRAFT }, true],
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

  it("is not taken for empty where the last attempt has put a draft back, whoever was at the desktop since", async () => {
    const works = [OWN, OWN, OWN].map((own) => scriptedWork({ looks: [], pastes: [], pressed: [] }, own));
    const [last, between, next] = works;
    if (!last || !between || !next) throw new Error("no work");
    const known = remains();
    for (const { hands } of works) hands.editIdleMs = () => Promise.resolve(0);
    await known.note(Object.assign(last, { isRead: true, restoredDraft: "my draft" }), true);
    await known.tell(between);
    expect([between.isFullLikely, between.expectedDraft]).toEqual([true, null]);
    // It pressed keys and heard nothing.
    await known.note(Object.assign(between, { isTouched: true }), true);
    await known.tell(next);
    expect(next.isFullLikely).toBe(true);
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
