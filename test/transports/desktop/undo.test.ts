import { describe, expect, it } from "vitest";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { undoPaste } from "../../../src/transports/desktop/undo.ts";
import { fieldFor } from "./scripted-field.ts";
import { scriptedWork } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const EDITOR = "a line of a program\n".repeat(100);

/** An editor into which the text was pasted, on a page that answers only who waits so long, in milliseconds. */
function pastedInto(answersWithin: number) {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const field = fieldFor(work, EDITOR + OWN, { hasAnswer: (patienceMs) => patienceMs >= answersWithin });
  field.steps.push("what the person had there before", EDITOR);
  work.isTextLeft = true;
  return { work, field };
}

describe("what was pasted into a text editor", () => {
  it.each([
    ["answers at once", 0],
    ["is silent to a short look", 250],
    ["shows no step back from the end in time", 1_000],
  ])("is undone with the controls behind it, on a page that %s", async (_what, answersWithin) => {
    const { work, field } = pastedInto(answersWithin);
    expect(await putBack(work)).toBe(true);
    expect(field.held).toBe(EDITOR);
    expect([work.isTextLeft, work.isMarkLeft, work.draft, work.drafts]).toEqual([false, false, null, []]);
  });

  it("stays where one step undoes more than that, and no further step is made", async () => {
    const { work, field } = pastedInto(0);
    field.steps.splice(0, 2, "two steps before", "one step before");
    expect(await undoPaste(work, EDITOR)).toEqual({ ok: true, isUndone: false });
    expect([field.held, field.steps]).toEqual(["one step before", ["two steps before"]]);
  });

  it("stays where nothing is answered: no step is made blindly", async () => {
    const { work, field } = pastedInto(Number.POSITIVE_INFINITY);
    expect(await undoPaste(work, EDITOR)).toEqual({ ok: true, isUndone: false });
    expect(field.held).toBe(EDITOR + OWN);
  });
});
