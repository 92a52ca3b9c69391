/** A draft that can't be put back at once: its message has ended, and it is owed still. */
import { expect, it } from "vitest";
import type { Look, Refusal } from "../../../src/ports/desktop.ts";
import { untilFinished } from "../../../src/transports/desktop/finish.ts";
import { SILENCE, scriptedDeps, scriptedTransport, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const DRAFT = "my draft";
const byPerson: Refusal = {
  ok: false,
  error: { code: "human_active", message: "", hint: "" },
  isHandsOff: true,
  mayBePressed: false,
};

/** A field that does what it is told. `isDenied`: a person is at the keyboard right now. */
function field(isDenied: (submitted: number) => boolean) {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const { hands } = work;
  const submitted: string[] = [];
  let held = DRAFT;
  const copied = (isEnd: boolean): Look => (held === "" ? SILENCE : text(isEnd ? held.slice(-1) : held));
  hands.submitIdleMs = () => Promise.resolve(Number.POSITIVE_INFINITY);
  hands.look = (keys) => {
    if (isDenied(submitted.length)) return Promise.resolve(byPerson);
    if (keys.select.includes("x")) held += "x";
    return Promise.resolve({ ok: true, look: copied(keys.select.includes("Shift+Left")) });
  };
  hands.pasteAndLook = (content, keys) => {
    if (isDenied(submitted.length)) return Promise.resolve(byPerson);
    held = keys.before === "Ctrl+A" ? content.text : held + content.text;
    return Promise.resolve({ ok: true, look: copied(false), isTaken: true, overtaken: null });
  };
  hands.press = (chords) => {
    if (isDenied(submitted.length)) return Promise.resolve(byPerson);
    if (chords.includes("Enter")) {
      submitted.push(held);
      held = "";
    }
    if (chords.includes("Backspace")) held = chords.includes("Ctrl+A") ? "" : held.slice(0, -1);
    return Promise.resolve({ ok: true });
  };
  return { work, submitted, held: () => held };
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
