/** A draft that can't be put back at once: its message has ended, and it is owed still. */
import { describe, expect, it } from "vitest";
import { untilFinished } from "../../../src/transports/desktop/finish.ts";
import { fieldFor, refusalOf } from "./scripted-field.ts";
import { scriptedDeps, scriptedTransport, scriptedWork } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const DRAFT = "my draft";
const byPerson = refusalOf("human_active", true);

/** A field with the draft. `isDenied`: a person is at the keyboard right now. */
function field(isDenied: (submitted: number) => boolean) {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const refusal = () => (isDenied(filled.submitted.length) ? byPerson : null);
  const filled = fieldFor(work, DRAFT, { refusal });
  return { work, submitted: filled.submitted, held: () => filled.held };
}

it("is put back once its window can be told from another of the same title again", async () => {
  let denials = 0;
  const { work, submitted, held } = field((count) => count === 1 && denials++ === 4);
  const transport = scriptedTransport(work);
  let looks = 0;
  work.hands.windows = () => {
    looks += 1;
    const isTwice = submitted.length > 0 && looks < 10;
    return Promise.resolve(isTwice ? [work.window, { ...work.window, id: "2" }] : [work.window]);
  };
  expect(await transport.deliver(work.attempt)).toEqual({ kind: "confirmed" });
  expect(submitted).toEqual([OWN]);
  expect(held()).toBe(DRAFT);
}, 20_000);

it("is put back by the next message where that did not help", async () => {
  let isBusy = false;
  const { work, held } = field(() => isBusy);
  work.attempt.record = ({ type }) => {
    // The proof of the submit is had; then a person types for long.
    isBusy = type === "submitted";
  };
  const transport = scriptedTransport(work);
  const first = await transport.deliver(work.attempt);
  expect(first).toEqual({ kind: "confirmed" });
  expect(held()).not.toContain(DRAFT);
  isBusy = false;
  const message = { ...work.attempt.message, id: "msg_20260101_000001_0000beef" };
  const record = () => undefined;
  const next = { ...work.attempt, record, message, text: OWN.replace(work.attempt.message.id, message.id) };
  expect(await transport.deliver(next)).toEqual({ kind: "confirmed" });
  expect(held()).toBe(DRAFT);
}, 30_000);

it.each([
  ["confirmed", 1],
  ["unknown", 0],
] as const)(
  "is owed to the next message %s: %i",
  async (kind, owed) => {
    const { work } = field(() => true);
    work.hands.aim = () => Promise.resolve(byPerson);
    const owing: unknown[] = [];
    const error = { code: "submit_unproven" as const, message: "", hint: "" };
    await untilFinished(
      scriptedDeps(work),
      work.attempt,
      (last) => {
        last.draft = { content: { text: DRAFT, flavors: {} }, file: "draft" };
        return Promise.resolve(kind === "unknown" ? { kind, error } : { kind });
      },
      (last) => owing.push(last?.draft?.content.text),
    );
    // Of one that is not proven, it may be the page around a closed field.
    expect(owing).toEqual(Array.from({ length: owed }, () => DRAFT));
  },
  20_000,
);

describe("is what a killed worker leaves between the proof of a submit and the end", () => {
  const submitted = () => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
    const { attempt } = work;
    const readDraft = () => JSON.stringify({ text: DRAFT, flavors: {} });
    const state = { ...attempt.state, step: "submitted" as const, draftFile: "draft" };
    return { work, attempt: { ...attempt, state, readDraft } };
  };

  it("and is put back at once, for the composer is known to be empty", async () => {
    const { work, attempt } = submitted();
    const filled = fieldFor(work);
    const { look } = work.hands;
    const selected: string[] = [];
    work.hands.look = (keys, patienceMs) => {
      selected.push(...keys.select);
      return look(keys, patienceMs);
    };
    expect(await scriptedTransport(work).resume(attempt)).toEqual({ kind: "confirmed" });
    expect(filled.held).toBe(DRAFT);
    expect(selected).not.toContain("x");
  });

  it("and waits while a person types", async () => {
    const { work, attempt } = submitted();
    fieldFor(work);
    work.hands.aim = () => Promise.resolve(byPerson);
    expect(await scriptedTransport(work).resume(attempt)).toMatchObject({ kind: "handed_back" });
  });
});
