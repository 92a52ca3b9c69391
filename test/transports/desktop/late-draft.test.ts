/** What a page that stood still answers when nobody waits for it any more is a draft that no look had seen. */
import { describe, expect, it } from "vitest";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { keepLate } from "../../../src/transports/desktop/late-draft.ts";
import { remains } from "../../../src/transports/desktop/remains.ts";
import { type Script, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const workOn = () => scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);

describe("a late answer", () => {
  it.each([
    ["as it is", ["a draft"], false, "a draft"],
    ["once, where the page has pasted its own copy", ["a drafta draft"], false, "a draft"],
    ["without the character of a control", ["a drafta draftx"], true, "a draft"],
    ["with its own x, where no control was typed", ["a fix"], false, "a fix"],
    ["without our text beside it", [`a draft${OWN}`], true, "a draft"],
  ])("is kept %s", async (_what, answers, wasMarked, draft) => {
    const work = workOn();
    work.wasMarked = wasMarked;
    await keepLate(work, answers);
    expect(work.draft?.content.text).toBe(draft);
    // Whatever was left out of it is on disk all the same.
    for (const answer of answers.filter((each) => !each.includes(OWN)))
      expect(work.drafts.map((saved) => JSON.parse(saved).text)).toContain(answer);
  });
});

it("behind which a page pasted its own copy is put back once, and as it was read it is on disk", async () => {
  const twice = "a drafta draft";
  const script: Script = {
    looks: [SILENCE, text(twice)],
    pastes: [
      { look: text(twice), isTaken: true, overtaken: { held: null } },
      { look: text(OWN), isTaken: true, overtaken: null },
    ],
    pressed: [],
  };
  const work = scriptedWork(script, OWN);
  expect(await fill(work)).toBeNull();
  expect(work.draft?.content.text).toBe("a draft");
  expect(work.drafts.map((saved) => JSON.parse(saved).text)).toContain(twice);
});

it("of a control is nobody's draft, also where the page has pasted it once more", async () => {
  const work = workOn();
  work.wasMarked = true;
  await keepLate(work, ["x", "x\n\nx"]);
  expect(work.draft).toBeNull();
});

describe("a draft that was put back", () => {
  it.each([
    [false, "a draft"],
    [true, null],
  ])(
    "must still stand there after an attempt that was refused before it read, unless keys were pressed: %s",
    async (isTouched, expected) => {
      const [last, between, next] = [workOn(), workOn(), workOn()];
      next.hands.editIdleMs = () => Promise.resolve(Number.POSITIVE_INFINITY);
      between.hands.editIdleMs = next.hands.editIdleMs;
      const known = remains();
      await known.note(Object.assign(last, { isRead: true, restoredDraft: "a draft" }), true);
      await known.tell(between);
      await known.note(Object.assign(between, { isTouched }), true);
      await known.tell(next);
      expect(next.expectedDraft).toBe(expected);
    },
  );
});
