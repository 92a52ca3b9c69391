/** The page around a field that has not the focus shows the messages that were submitted: none of it is a person's draft. */
import { describe, expect, it } from "vitest";
import type { PasteLook } from "../../../src/ports/desktop.ts";
import { fill } from "../../../src/transports/desktop/fill.ts";
import { putBack } from "../../../src/transports/desktop/put-back.ts";
import { fieldFor } from "./scripted-field.ts";
import { type Script, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const EARLIER = "[#msg_20251231_235959_7f7f7f7f from Tester] the one before";
const DRAFT = "a draft";
const PAGE = `Agent-1 - Chat\n${EARLIER}\n${OWN}\n${DRAFT}`;

const pasted = (held: string): PasteLook => ({ look: text(held), isTaken: true, overtaken: null });
const workOn = (script: Partial<Script>) => {
  const pressed: string[] = [];
  return { work: scriptedWork({ looks: [], pastes: [], ...script, pressed }, OWN), pressed };
};

it("is no draft after the submit: the draft goes back when the field has the focus again", async () => {
  const { work, pressed } = workOn({
    looks: [text(PAGE), text(DRAFT), text("t")],
    pastes: [pasted(PAGE)],
  });
  work.draft = { content: { text: DRAFT, flavors: {} }, file: "draft-1" };
  work.mayBeEntered = true;
  expect(await putBack(work)).toBe(true);
  expect(work.drafts).toEqual([]);
  expect(pressed.filter((keys) => keys.includes("paste:"))).toEqual([`Ctrl+A paste:${DRAFT}`]);
});

it("is no draft at the first look, and nothing is pasted", async () => {
  const { work, pressed } = workOn({ looks: [text(PAGE), text(PAGE.slice(0, -1)), text(PAGE.slice(0, -1))] });
  const recent = { ...work, attempt: { ...work.attempt, recentTexts: [EARLIER] } };
  expect(await fill(recent)).toMatchObject({
    kind: "deferred",
    error: { code: "composer_not_found", message: expect.stringContaining("shows the text of a page") },
  });
  expect(work.drafts).toEqual([]);
  expect(pressed.filter((keys) => keys.includes("paste:"))).toEqual([]);
});

it("is no draft where it shows none of our messages either: it is not put into the field that has the focus later", async () => {
  const page = "Agent-1 - Chat\nnobody has written anything yet";
  const { work, pressed } = workOn({ pastes: [pasted(page)] });
  work.hands.look = ({ select }) =>
    Promise.resolve({ ok: true, look: text(select.includes("Shift+Left") ? page.slice(0, -1) : page) });
  expect(await fill(work)).toMatchObject({ kind: "deferred", error: { code: "composer_not_found" } });
  // Now the field has it.
  work.hands.look = ({ select }) =>
    Promise.resolve({ ok: true, look: select.includes("x") ? text("x") : SILENCE });
  expect(await putBack(work)).toBe(true);
  expect(pressed.filter((keys) => keys.includes("paste:"))).toEqual([`Ctrl+End paste:${OWN}`]);
});

it("is told from a draft in a field that did not take the text: that is still to be put back", async () => {
  const { work } = workOn({ pastes: [pasted(DRAFT)] });
  work.hands.look = ({ select }) =>
    Promise.resolve({ ok: true, look: text(select.includes("Shift+Left") ? "t" : DRAFT) });
  expect(await fill(work)).toMatchObject({ kind: "deferred" });
  expect(work.draft?.content.text).toBe(DRAFT);
});

it.each([
  ["", []],
  [", where one answer is that to a copy from before", [EARLIER + DRAFT]],
])("is told from a text of ours in the field that a person has typed behind%s", async (_, late) => {
  const { work } = workOn({ pastes: [pasted(OWN)] });
  const answers = [...late];
  work.hands.look = ({ select }) => {
    const isStep = select.includes("Shift+Left");
    return Promise.resolve({ ok: true, look: text(isStep ? (answers.shift() ?? "t") : EARLIER + DRAFT) });
  };
  const recent = { ...work, attempt: { ...work.attempt, recentTexts: [EARLIER] } };
  expect(await fill(recent)).toBeNull();
  expect(recent.draft?.content.text).toBe(DRAFT);
});

describe("around our own text, where the field has lost the focus", () => {
  /** The field, whose page is read instead, so many times from `lose` on. */
  function onPage(held: string) {
    const { work, pressed } = workOn({});
    const field = fieldFor(work, held);
    const { look } = work.hands;
    let lostLooks = 0;
    work.hands.look = (keys, patienceMs) => {
      if (lostLooks-- <= 0) return look(keys, patienceMs);
      const isStep = keys.select.includes("Shift+Left");
      return Promise.resolve({ ok: true, look: text(isStep ? PAGE.slice(0, -1) : PAGE) });
    };
    const lose = (looks: number) => {
      lostLooks = looks;
    };
    return { work, pressed, field, lose };
  }

  it("is no draft right after the paste, and nothing more is pasted", async () => {
    const { work, pressed, field, lose } = onPage("");
    const { pasteAndLook } = work.hands;
    work.hands.pasteAndLook = async (...asked) => {
      await pasteAndLook(...asked);
      // Two more tell that it is a page.
      lose(2);
      return { ok: true, ...pasted(PAGE) };
    };
    expect(await fill(work)).toMatchObject({
      error: { code: "composer_not_found", message: expect.stringContaining("shows the text of a page") },
    });
    expect([field.held, work.drafts, pressed]).toEqual([OWN, [], []]);
  });

  it("is no draft when the draft is put back, which is done once the field has the focus again", async () => {
    const { work, field, lose } = onPage(DRAFT + OWN);
    work.draft = { content: { text: DRAFT, flavors: {} }, file: "draft-1" };
    work.isTextLeft = true;
    lose(3);
    expect(await putBack(work)).toBe(true);
    expect([field.held, work.drafts]).toEqual([DRAFT, []]);
  });
});
