/** The focus is stolen after Enter: the proof is looked for until there is one, or no time is left. */
import { expect, it } from "vitest";
import type { Refusal } from "../../../src/ports/desktop.ts";
import { submit } from "../../../src/transports/desktop/submit.ts";
import { type Script, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const PROOF_MS = 5_000;
const END = text("o");
const refusal = (code: "focus_lost" | "window_covered" | "window_not_found"): Refusal => ({
  ok: false,
  error: { code, message: "", hint: "" },
  isHandsOff: false,
  mayBePressed: true,
});
const stolen = refusal("focus_lost");

/**
 * A composer that holds the text until `goneAfter` Enters were pressed in it. `isStolen` and `isClosed` are asked before
 * each use of the hands that follows the first Enter.
 */
function composer({ goneAfter = 1, isStolen = (_use: number) => false, isClosed = false }) {
  const script: Script = { looks: [], pastes: [], pressed: [] };
  const work = scriptedWork(script, OWN);
  const records: string[] = [];
  work.attempt.record = ({ type }) => records.push(type);
  let enters = 0;
  let uses = 0;
  let aims = 0;
  const isDenied = () => enters > 0 && (isClosed || isStolen(uses++));
  work.hands.look = (keys) => {
    if (isDenied()) return Promise.resolve(isClosed ? refusal("window_not_found") : stolen);
    const held = enters >= goneAfter ? "" : OWN;
    const marked = keys.select.includes("x") ? `${held}x` : held;
    const isEnd = keys.select.includes("Shift+Left");
    const look = isEnd ? (marked === "" ? text("") : END) : text(marked);
    return Promise.resolve({ ok: true, look });
  };
  work.hands.press = (chords) => {
    if (isDenied()) return Promise.resolve(stolen);
    if (chords.includes("Enter")) enters += 1;
    return Promise.resolve({ ok: true });
  };
  const { aim } = work.hands;
  work.hands.aim = (...args) => {
    aims += 1;
    return isClosed ? Promise.resolve(refusal("window_not_found")) : aim(...args);
  };
  return { work, records, enters: () => enters, aims: () => aims };
}

it("is proven once whatever takes the focus has done so for long", async () => {
  const { work, records } = composer({ isStolen: (use) => use < 30 });
  expect(await submit(work, PROOF_MS)).toBeNull();
  expect(records).toContain("submitted");
});

it("is proven once the window that lies over it has gone", async () => {
  const { work, enters } = composer({ isStolen: (use) => use < 12 });
  const { aim } = work.hands;
  let aims = 0;
  work.hands.aim = (...args) =>
    enters() > 0 && aims++ < 10 ? Promise.resolve(refusal("window_covered")) : aim(...args);
  expect(await submit(work, PROOF_MS)).toBeNull();
  expect(aims).toBeGreaterThan(10);
});

it("is proven once the focus is left alone for a control", async () => {
  const { work, enters } = composer({});
  const { look } = work.hands;
  let controls = 0;
  work.hands.look = (keys, patienceMs) =>
    enters() > 0 && keys.select.includes("Ctrl+A") && controls++ < 10
      ? Promise.resolve(stolen)
      : look(keys, patienceMs);
  expect(await submit(work, PROOF_MS)).toBeNull();
  expect(controls).toBeGreaterThan(10);
});

it("is proven once a field that was closed after it takes keys again", async () => {
  const { work, enters } = composer({});
  const { look } = work.hands;
  let closedUntil = 0;
  const isClosed = () => {
    if (enters() > 0 && closedUntil === 0) closedUntil = performance.now() + 1_000;
    return performance.now() < closedUntil;
  };
  work.hands.look = (keys, patienceMs) =>
    isClosed() ? Promise.resolve({ ok: true, look: text("a page around it") }) : look(keys, patienceMs);
  expect(await submit(work, PROOF_MS)).toBeNull();
});

it("is unconfirmed where the focus is never left alone", async () => {
  const { work, records, enters } = composer({ isStolen: () => true });
  expect(await submit(work, 300)).toMatchObject({ kind: "unknown", error: { code: "submit_unproven" } });
  expect(records).not.toContain("submitted");
  expect(enters()).toBe(1);
});

it("is not waited for where the window is gone", async () => {
  const { work, aims } = composer({ isClosed: true });
  expect(await submit(work, PROOF_MS)).toMatchObject({ kind: "unknown", error: { code: "submit_unproven" } });
  expect(aims()).toBeLessThan(10);
});

it("is pressed again where the focus was stolen right before the second Enter", async () => {
  let isSecond = false;
  const { work, enters, records } = composer({ goneAfter: 2, isStolen: () => false });
  const { press } = work.hands;
  let perhapsAt = 0;
  let lastAt = 0;
  work.hands.press = (chords) => {
    if (chords.includes("Enter")) lastAt = performance.now();
    if (!chords.includes("Enter") || enters() !== 1 || isSecond) return press(chords);
    isSecond = true;
    perhapsAt = lastAt;
    return Promise.resolve(stolen);
  };
  expect(await submit(work, 20_000)).toBeNull();
  // It may have been pressed all the same: a page may clear its composer late.
  expect(lastAt - perhapsAt).toBeGreaterThan(2_000);
  expect(records.filter((type) => type === "submitted")).toHaveLength(1);
  expect(enters()).toBe(2);
}, 20_000);

it("was submitted by an earlier Enter where the text is gone when the focus is had again", async () => {
  let isGone = false;
  const { work, enters, records } = composer({ goneAfter: 2 });
  const { press, look } = work.hands;
  work.hands.press = (chords) => {
    if (!chords.includes("Enter") || enters() !== 1) return press(chords);
    isGone = true;
    return Promise.resolve(stolen);
  };
  work.hands.look = (keys, patienceMs) =>
    isGone
      ? Promise.resolve({ ok: true, look: text(keys.select.includes("x") ? "x" : "") })
      : look(keys, patienceMs);
  expect(await submit(work, 20_000)).toBeNull();
  expect(enters()).toBe(1);
  expect(records).toContain("submitted");
}, 20_000);
