/** A text that was proven, and is gone before Enter: what is on record, and which keys a person has pressed, tell what may follow. */
import { expect, it } from "vitest";
import type { MessageEvent } from "../../../src/domain/events.ts";
import type { PasteLook, Refusal } from "../../../src/ports/desktop.ts";
import { nextAttempt } from "./next-attempt.ts";
import { type Script, SILENCE, scriptedTransport, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const pasted: PasteLook = { look: text(OWN), isTaken: true, overtaken: null };
const JUST_NOW = 0;
const LONG_AGO = 60_000;
const handsOff = (mayBePressed: boolean): Refusal => ({
  ok: false,
  error: { code: "human_active", message: "", hint: "" },
  isHandsOff: true,
  mayBePressed,
});

interface Story {
  readonly submitIdleMs: number;
  /** What ends the attempt: a key of a person while the end of the text is selected, or at Enter itself. */
  readonly at: "end" | "Enter";
  readonly mayBePressed?: boolean;
}

/** A person's key ends the attempt; later the composer holds `now`. */
async function interrupted({ submitIdleMs, at, mayBePressed = false }: Story, now = "q") {
  const script: Script = { looks: [SILENCE], pastes: [pasted], pressed: [] };
  const work = scriptedWork(script, OWN);
  const { hands } = work;
  const recorded: string[] = [];
  const attempt = { ...work.attempt, record: ({ type }: MessageEvent) => void recorded.push(type) };
  const { look } = hands;
  let isOver = false;
  hands.submitIdleMs = () => Promise.resolve(submitIdleMs);
  hands.look = (keys, patienceMs) => {
    if (isOver) return Promise.resolve({ ok: true, look: text(keys.select.includes("x") ? `${now}x` : now) });
    if (keys.select.includes("Ctrl+A")) return look(keys, patienceMs);
    return Promise.resolve(at === "end" ? handsOff(false) : { ok: true, look: text("o") });
  };
  hands.press = (chords) => Promise.resolve(chords.includes("Enter") ? handsOff(mayBePressed) : { ok: true });
  // In the next attempt nothing can be pasted: it is enough to see that it tries.
  hands.pasteAndLook = () => Promise.resolve(isOver ? handsOff(false) : { ok: true, ...pasted });
  const transport = scriptedTransport(work);
  const outcome = await transport.deliver(attempt);
  expect(outcome).toMatchObject({ kind: "handed_back" });
  isOver = true;
  return { transport, attempt: nextAttempt(attempt, outcome), hands, recorded };
}

it("is on record as typed only right before Enter", async () => {
  expect((await interrupted({ submitIdleMs: LONG_AGO, at: "end" })).recorded).not.toContain("typed");
  expect((await interrupted({ submitIdleMs: LONG_AGO, at: "Enter" })).recorded).toContain("typed");
});

it("is typed again where it is not on record, and only letters were pressed since", async () => {
  const { transport, attempt } = await interrupted({ submitIdleMs: LONG_AGO, at: "end" });
  expect(await transport.deliver(attempt)).toMatchObject({ kind: "handed_back" });
});

it("may have been submitted where a button or Enter was pressed", async () => {
  const { transport, attempt } = await interrupted({ submitIdleMs: JUST_NOW, at: "end" });
  expect(await transport.deliver(attempt)).toMatchObject({ kind: "unknown" });
});

it("may have been submitted where swarm's own Enter was perhaps pressed", async () => {
  const { transport, attempt } = await interrupted({
    submitIdleMs: LONG_AGO,
    at: "Enter",
    mayBePressed: true,
  });
  expect(await transport.deliver(attempt)).toMatchObject({ kind: "unknown" });
});

it("may have been submitted where it is on record as typed, whatever was pressed", async () => {
  const { transport, attempt } = await interrupted({ submitIdleMs: LONG_AGO, at: "Enter" });
  const state = { ...attempt.state, step: "typed" as const };
  expect(await transport.resume({ ...attempt, state })).toMatchObject({ kind: "unknown" });
});

it("is looked for again where the process that types was gone for a moment", async () => {
  const { transport, attempt, hands } = await interrupted(
    { submitIdleMs: LONG_AGO, at: "Enter" },
    "my draft",
  );
  const { aim } = hands;
  let aims = 0;
  hands.aim = (...args) => {
    aims += 1;
    const error = { code: "desktop_crashed" as const, message: "gone", hint: "" };
    return aims === 1
      ? Promise.resolve({ ok: false, error, isHandsOff: false, mayBePressed: false })
      : aim(...args);
  };
  const state = { ...attempt.state, step: "typed" as const };
  const outcome = await transport.resume({ ...attempt, state });
  expect(aims).toBeGreaterThan(1);
  expect(outcome).toMatchObject({ kind: "unknown", error: { message: expect.not.stringContaining("gone") } });
});
