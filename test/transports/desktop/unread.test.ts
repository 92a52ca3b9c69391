/** An attempt that was refused before it could look leaves all as it was: what is known of the composer stays known. */
import { describe, expect, it } from "vitest";
import type { Refusal } from "../../../src/ports/desktop.ts";
import type { Attempt } from "../../../src/ports/transport.ts";
import { type ScriptedWork, SILENCE, scriptedTransport, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const STOLEN: Refusal = {
  ok: false,
  error: { code: "focus_lost", message: "", hint: "" },
  isHandsOff: false,
  mayBePressed: false,
};

/** A field whose window loses the focus whenever `isStolen` says so, and another program that copies in the moment of each paste. */
function field(copied: string | null) {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const state = { held: "", isStolen: false, submitted: [] as string[], heard: [] as string[] };
  const { hands } = work;
  hands.submitIdleMs = () => Promise.resolve(Number.POSITIVE_INFINITY);
  hands.copiedByOthers = () => Promise.resolve({ texts: state.heard, isMissing: false, beforeKill: [] });
  hands.look = (keys) => {
    if (state.isStolen) return Promise.resolve(STOLEN);
    if (keys.select.includes("x")) state.held += "x";
    const isEnd = keys.select.includes("Shift+Left");
    const read = isEnd ? state.held.slice(-1) : state.held;
    return Promise.resolve({ ok: true, look: read === "" ? { kind: "silence", ms: 5 } : text(read) });
  };
  hands.pasteAndLook = (content, keys) => {
    if (state.isStolen) return Promise.resolve(STOLEN);
    const pasted = copied !== null && state.heard.length === 0 ? copied : content.text;
    if (pasted === copied) state.heard = [copied];
    state.held = keys.before === work.profile.selectAll ? pasted : state.held + pasted;
    state.isStolen = pasted === copied;
    return Promise.resolve({ ok: true, look: text(state.held), isTaken: true, overtaken: null });
  };
  hands.press = (chords) => {
    if (state.isStolen) return Promise.resolve(STOLEN);
    if (chords.includes("Enter")) {
      state.submitted.push(state.held);
      state.held = "";
    }
    if (chords.includes("Backspace")) state.held = chords.includes("Ctrl+A") ? "" : state.held.slice(0, -1);
    return Promise.resolve({ ok: true });
  };
  return { work, state };
}

/** The next attempt at the same message. */
function again({ attempt }: ScriptedWork): Attempt {
  return { ...attempt, state: { ...attempt.state, totalAttempts: attempt.state.totalAttempts + 1 } };
}

describe("an attempt that did not come to look at the composer", () => {
  it("has not made a draft of what another program had copied in the moment of a paste before", async () => {
    const { work, state } = field("copied elsewhere, number 120");
    const transport = scriptedTransport(work);
    expect(await transport.deliver(work.attempt)).toMatchObject({ kind: "deferred" });
    expect(state.held).toBe("copied elsewhere, number 120");
    expect(await transport.deliver(again(work))).toMatchObject({ kind: "deferred" });
    state.isStolen = false;
    // What was heard in that turn at the desktop is known from the attempt alone.
    work.hands.copiedByOthers = () => Promise.resolve({ texts: [], isMissing: false, beforeKill: [] });
    expect(await transport.deliver(again(work))).toEqual({ kind: "confirmed" });
    expect(state.submitted).toEqual([OWN]);
    expect(state.held).toBe("");
  });

  it.each([
    ["refused before it could look", STOLEN],
    ["told nothing, as by a page that stands still", { ok: true, look: SILENCE } as const],
  ])(
    "has not forgotten that the text stood there: an attempt %s does not call it gone",
    async (_what, answer) => {
      const { work, state } = field(null);
      const transport = scriptedTransport(work);
      const { press, look } = work.hands;
      work.hands.press = () => Promise.resolve({ ...STOLEN, isHandsOff: true });
      expect(await transport.deliver(work.attempt)).toMatchObject({ kind: "deferred" });
      expect(state.held).toBe(OWN);
      work.hands.press = press;
      work.hands.submitIdleMs = () => Promise.resolve(0);
      work.hands.look = () => Promise.resolve(answer);
      expect(await transport.deliver(again(work))).toMatchObject({ kind: "deferred" });
      work.hands.look = look;
      expect(await transport.deliver(again(work))).toEqual({ kind: "confirmed" });
      expect(state.submitted).toEqual([OWN]);
    },
  );

  it("leaves it to the next one to see that the text is gone: where a person may have submitted it, it is not typed again", async () => {
    const { work, state } = field(null);
    const transport = scriptedTransport(work);
    const press = work.hands.press;
    work.hands.press = () => Promise.resolve({ ...STOLEN, isHandsOff: true });
    expect(await transport.deliver(work.attempt)).toMatchObject({ kind: "deferred" });
    expect(state.held).toBe(OWN);
    work.hands.press = press;
    const { aim } = work.hands;
    work.hands.aim = () => Promise.resolve(STOLEN);
    expect(await transport.deliver(again(work))).toMatchObject({ kind: "deferred" });
    work.hands.aim = aim;
    state.submitted.push(state.held);
    state.held = "";
    work.hands.submitIdleMs = () => Promise.resolve(0);
    expect(await transport.deliver(again(work))).toMatchObject({ kind: "unknown" });
    expect(state.submitted).toEqual([OWN]);
  });

  it("says that the text stands there, also where its window is gone by then", async () => {
    const { work, state } = field(null);
    const transport = scriptedTransport(work);
    work.hands.press = () => Promise.resolve({ ...STOLEN, isHandsOff: true });
    const standing = {
      code: "focus_lost",
      message: expect.stringContaining("its text still stands in the input field"),
    };
    expect(await transport.deliver(work.attempt)).toMatchObject({ kind: "deferred", standing });
    expect(state.held).toBe(OWN);
    work.hands.windows = () => Promise.resolve([]);
    expect(await transport.deliver(again(work))).toMatchObject({
      kind: "deferred",
      error: { code: "window_not_found" },
      standing: { code: "window_not_found", hint: expect.stringContaining("--unconfirmed") },
    });
  });
});
