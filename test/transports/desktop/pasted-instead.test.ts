/** Another program copies something in the moment of a paste, and takes it away before anybody could read it. */
import { describe, expect, it } from "vitest";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { fieldFor } from "./scripted-field.ts";
import { scriptedWork } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const COPIED = "copied elsewhere";

/** The draft is put back after the submit, and the first paste of it puts another text there; a person types all the time. */
async function puttingBack(isMissing: boolean) {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  let pastes = 0;
  const field = fieldFor(work, "", { lands: (offered) => (pastes++ === 0 ? COPIED : offered) });
  work.hands.untouchedMs = () => Promise.resolve(0);
  work.hands.submitIdleMs = () => Promise.resolve(0);
  work.hands.copiedByOthers = () =>
    Promise.resolve({ texts: [], isMissing: isMissing && pastes > 0, beforeKill: [] });
  work.draft = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
  work.mayBeEntered = true;
  const isBack = await putBack(work);
  return { isBack, held: field.held, onDisk: work.drafts.map((saved) => JSON.parse(saved).text) };
}

describe("what stands there in place of the draft", () => {
  it("is no part of it where another program's text could not be read", async () => {
    const { isBack, held, onDisk } = await puttingBack(true);
    expect([isBack, held]).toEqual([true, "my draft"]);
    expect(onDisk).toContain(COPIED);
  });

  it("is put back with it where no other program copied anything: a person wrote it", async () => {
    const { held } = await puttingBack(false);
    expect(held).toContain(COPIED);
    expect(held).toContain("my draft");
  });
});
