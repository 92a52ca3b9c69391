/** A look selects all for a moment; an editor that still holds it so lets a person's next key replace the whole draft. */
import { expect, it } from "vitest";
import type { Attempt } from "../../../src/ports/transport.ts";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { aMessage } from "../../delivery/messages.ts";
import { nextAttempt } from "./next-attempt.ts";
import { fieldFor, refusalOf } from "./scripted-field.ts";
import { scriptedTransport, scriptedWork } from "./scripted-hands.ts";

const TEXTS = ["first", "second"].map((body, i) => `[#msg_20260101_000000_0000000${i} from Captain] ${body}`);

it.each([
  [
    "is put back with it, where a person has only written since it was put back",
    Number.POSITIVE_INFINITY,
    true,
  ],
  ["is not, where a person may have taken it away", 0, false],
])("a draft that a key has replaced at that moment %s", async (_, editIdleMs, isBack) => {
  const [own = "", other = ""] = TEXTS;
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, own);
  let isTyping = false;
  const field = fieldFor(work, "my draft", {
    refusal() {
      if (!isTyping) return null;
      isTyping = false;
      field.held = "j";
      return { ...refusalOf("human_active", true), mayBePressed: true };
    },
  });
  const transport = scriptedTransport(work);
  expect(await transport.deliver(work.attempt)).toEqual({ kind: "confirmed" });
  expect(field.held).toBe("my draft");
  work.hands.editIdleMs = () => Promise.resolve(editIdleMs);
  isTyping = true;
  const message = aMessage({ recipient: "Agent-1", id: "msg_20260101_000000_00000001" });
  const second: Attempt = { ...work.attempt, message, text: other, pointer: other };
  const refused = await transport.deliver(second);
  expect(refused).toMatchObject({ kind: "handed_back" });
  expect(await transport.deliver(nextAttempt(second, refused))).toEqual({ kind: "confirmed" });
  expect(field.submitted).toEqual([own, other]);
  expect(field.held.includes("my draft")).toBe(isBack);
  expect(field.held).toContain("j");
});

it("a person's only character, which a key has replaced the draft with and a control that one, is put back with the draft", async () => {
  const [own = ""] = TEXTS;
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, own);
  const field = fieldFor(work, "j");
  const { look } = work.hands;
  work.hands.look = (keys, patienceMs) => {
    // The editor still holds its last character to be selected.
    if (keys.select.includes("x") && field.held.length === 1) field.held = "";
    return look(keys, patienceMs);
  };
  work.draft = { content: { text: "my draft", flavors: {} }, file: "draft-1" };
  work.isDraftBack = true;
  expect(await putBack(work)).toBe(true);
  expect(field.held).toBe("my draft\nj");
  expect(work.draft).toBeNull();
});
