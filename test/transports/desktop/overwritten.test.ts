/** A text that was proven, and is gone before Enter: which keys a person has pressed tells whether it was submitted. */
import { expect, it } from "vitest";
import type { PasteLook, Refusal } from "../../../src/ports/desktop.ts";
import { type Script, SILENCE, scriptedTransport, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const pasted: PasteLook = { look: text(OWN), isTaken: true, overtaken: null };
const JUST_NOW = 0;
const LONG_AGO = 60_000;

/** A person's key ends the attempt at Enter; later the composer holds `now`. */
async function interrupted(submitIdleMs: number, now: string, mayBePressed = false) {
  const script: Script = { looks: [SILENCE], pastes: [pasted], pressed: [] };
  const work = scriptedWork(script, OWN);
  const { attempt, hands } = work;
  const error = { code: "human_active" as const, message: "", hint: "" };
  const handsOff: Refusal = { ok: false, error, isHandsOff: true, mayBePressed };
  const { look } = hands;
  let isOver = false;
  hands.submitIdleMs = () => Promise.resolve(submitIdleMs);
  hands.look = (keys, patienceMs) => {
    if (isOver) return Promise.resolve({ ok: true, look: text(keys.select.includes("x") ? `${now}x` : now) });
    return keys.select.includes("Ctrl+A")
      ? look(keys, patienceMs)
      : Promise.resolve({ ok: true, look: text("o") });
  };
  hands.press = (chords) => Promise.resolve(chords.includes("Enter") ? handsOff : { ok: true });
  hands.pasteAndLook = () => Promise.resolve(isOver ? handsOff : { ok: true, ...pasted });
  const transport = scriptedTransport(work);
  expect(await transport.deliver(attempt)).toMatchObject({ kind: "handed_back" });
  isOver = true;
  return { transport, attempt, hands };
}

it("was not submitted where only letters were pressed since: the message is tried again", async () => {
  const { transport, attempt } = await interrupted(LONG_AGO, "q");
  const state = { ...attempt.state, step: "typed" as const };
  expect(await transport.resume({ ...attempt, state })).toMatchObject({
    kind: "deferred",
    error: { code: "readback_mismatch" },
  });
});

it("may have been submitted where a button or Enter was pressed", async () => {
  const { transport, attempt } = await interrupted(JUST_NOW, "q");
  const state = { ...attempt.state, step: "typed" as const };
  expect(await transport.resume({ ...attempt, state })).toMatchObject({ kind: "unknown" });
});

it("may have been submitted where swarm's own Enter was perhaps pressed", async () => {
  const { transport, attempt } = await interrupted(LONG_AGO, "q", true);
  const state = { ...attempt.state, step: "typed" as const };
  expect(await transport.resume({ ...attempt, state })).toMatchObject({ kind: "unknown" });
});

it("may have been submitted where another worker had typed it", async () => {
  const { transport, attempt } = await interrupted(LONG_AGO, "q");
  const state = { ...attempt.state, step: "typed" as const };
  await transport.resume({ ...attempt, state });
  expect(await transport.resume({ ...attempt, state })).toMatchObject({ kind: "unknown" });
});

it("is looked for again where the process that types was gone for a moment", async () => {
  const { transport, attempt, hands } = await interrupted(LONG_AGO, OWN);
  const { aim } = hands;
  let aims = 0;
  hands.aim = (...args) => {
    aims += 1;
    const error = { code: "desktop_crashed" as const, message: "", hint: "" };
    return aims === 1
      ? Promise.resolve({ ok: false, error, isHandsOff: false, mayBePressed: false })
      : aim(...args);
  };
  hands.press = () => Promise.resolve({ ok: true });
  const state = { ...attempt.state, step: "typed" as const };
  expect(await transport.resume({ ...attempt, state })).not.toMatchObject({
    kind: "unknown",
    error: { message: "" },
  });
  expect(aims).toBeGreaterThan(1);
});
