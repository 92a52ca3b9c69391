/** An attempt that was refused before it could look leaves all as it was: what is known of the composer stays known. */
import { describe, expect, it } from "vitest";
import { remains } from "../../../src/transports/desktop/remains.ts";
import { nextAttempt, retried } from "./next-attempt.ts";
import { fieldFor, refusalOf, type ScriptedField } from "./scripted-field.ts";
import { type ScriptedWork, SILENCE, scriptedTransport, scriptedWork } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const STOLEN = refusalOf("focus_lost");
const COPIED = "copied elsewhere, number 120";

/** The text stands in the composer after a first attempt, which had to take its hands off before Enter. */
async function leftStanding() {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const field = fieldFor(work);
  const transport = scriptedTransport(work);
  const { press } = work.hands;
  work.hands.press = () => Promise.resolve(refusalOf("focus_lost", true));
  const first = await transport.deliver(work.attempt);
  expect(first).toMatchObject({ kind: "deferred" });
  expect(field.held).toBe(OWN);
  work.hands.press = press;
  return { work, field, transport, second: nextAttempt(work.attempt, first), first };
}

function submitByHand({ hands }: ScriptedWork, field: ScriptedField): void {
  field.submitted.push(field.held);
  field.held = "";
  hands.submitIdleMs = () => Promise.resolve(0);
}

describe("an attempt that did not come to look at the composer", () => {
  it("has not made a draft of what another program had copied in the moment of a paste before", async () => {
    const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
    let isStolen = false;
    let pastes = 0;
    const field = fieldFor(work, "", {
      refusal: () => (isStolen ? STOLEN : null),
      lands(offered) {
        isStolen = pastes++ === 0;
        return isStolen ? COPIED : offered;
      },
    });
    const heard = (texts: readonly string[]) => () =>
      Promise.resolve({ texts, isMissing: false, beforeKill: [] });
    const transport = scriptedTransport(work);
    work.hands.copiedByOthers = heard([COPIED]);
    const first = await transport.deliver(work.attempt);
    expect(first).toMatchObject({ kind: "deferred" });
    expect(field.held).toBe(COPIED);
    // What was heard in that turn at the desktop is known from the attempt alone.
    work.hands.copiedByOthers = heard([]);
    const second = nextAttempt(work.attempt, first);
    const outcome = await transport.deliver(second);
    expect(outcome).toMatchObject({ kind: "deferred" });
    isStolen = false;
    expect(await transport.deliver(nextAttempt(second, outcome))).toEqual({ kind: "confirmed" });
    expect(field.submitted).toEqual([OWN]);
    expect(field.held).toBe("");
  });

  it("has not forgotten that a page may paste its own copy", async () => {
    const [between, next] = [OWN, OWN].map((own) =>
      scriptedWork({ looks: [], pastes: [], pressed: [] }, own),
    );
    if (!between || !next) throw new Error("no work");
    const known = remains();
    known.ended(next.agent.name, {
      kind: "deferred",
      error: { code: "desktop_crashed", message: "", hint: "" },
    });
    await known.tell(between);
    await known.note(between, true);
    await known.tell(next);
    expect(next.isDoubleLikely).toBe(true);
  });

  it.each([
    ["refused before it could look", STOLEN],
    ["told nothing, as by a page that stands still", { ok: true, look: SILENCE } as const],
  ])("has not forgotten that the text stood there: one %s does not call it gone", async (_what, answer) => {
    const { work, field, transport, second } = await leftStanding();
    const { look } = work.hands;
    work.hands.submitIdleMs = () => Promise.resolve(0);
    work.hands.look = () => Promise.resolve(answer);
    const outcome = await transport.deliver(second);
    expect(outcome).toMatchObject({ kind: "deferred" });
    work.hands.look = look;
    expect(await transport.deliver(nextAttempt(second, outcome))).toEqual({ kind: "confirmed" });
    expect(field.submitted).toEqual([OWN]);
  });

  it("leaves it to the next one to see that the text is gone: where a person may have submitted it, it is not typed again", async () => {
    const { work, field, transport, second } = await leftStanding();
    const { aim } = work.hands;
    work.hands.aim = () => Promise.resolve(STOLEN);
    const outcome = await transport.deliver(second);
    expect(outcome).toMatchObject({ kind: "deferred" });
    work.hands.aim = aim;
    submitByHand(work, field);
    expect(await transport.deliver(nextAttempt(second, outcome))).toMatchObject({ kind: "unknown" });
    expect(field.submitted).toEqual([OWN]);
  });
});

describe("a text that an attempt had to leave in the composer, where the worker is another one by then", () => {
  it("is not typed again where it is gone: a person may have submitted it", async () => {
    const { work, field, second } = await leftStanding();
    submitByHand(work, field);
    expect(await scriptedTransport(work).deliver(second)).toMatchObject({ kind: "unknown" });
    expect(field.submitted).toEqual([OWN]);
  });

  it("is not typed again either where that worker was killed before it could look, too", async () => {
    const { work, field, second } = await leftStanding();
    submitByHand(work, field);
    const cutOff = { ...second, state: { ...second.state, step: "intent" as const } };
    expect(await scriptedTransport(work).resume(cutOff)).toMatchObject({ kind: "unknown" });
    expect(field.submitted).toEqual([OWN]);
  });

  it("is submitted once where it still stands", async () => {
    const { work, field, second } = await leftStanding();
    expect(await scriptedTransport(work).deliver(second)).toEqual({ kind: "confirmed" });
    expect(field.submitted).toEqual([OWN]);
  });

  it("is told of where no further attempt may follow", async () => {
    const { work, second } = await leftStanding();
    const other = scriptedTransport(work);
    work.hands.windows = () => Promise.resolve([]);
    expect(await other.deliver(second)).toMatchObject({
      kind: "deferred",
      standing: { code: "window_not_found" },
    });
  });

  it("is still there where a resumption after a kill could not take it out", async () => {
    const { work, field, second } = await leftStanding();
    const { pasteAndLook, press } = work.hands;
    work.hands.pasteAndLook = () => Promise.resolve(STOLEN);
    work.hands.press = () => Promise.resolve(STOLEN);
    const cutOff = { ...second, state: { ...second.state, step: "intent" as const } };
    const outcome = await scriptedTransport(work).resume(cutOff);
    expect(outcome).toMatchObject({ kind: "deferred", error: { code: "worker_died" }, standing: {} });
    Object.assign(work.hands, { pasteAndLook, press });
    submitByHand(work, field);
    const third = nextAttempt(cutOff, outcome);
    expect(await scriptedTransport(work).deliver(third)).toMatchObject({ kind: "unknown" });
    expect(field.submitted).toEqual([OWN]);
  });
});

it("a text that was left in the composer is typed anew where a person has removed it and queued the message again, as the hint says", async () => {
  const { work, field, transport, second } = await leftStanding();
  field.held = "";
  work.hands.submitIdleMs = () => Promise.resolve(0);
  expect(await transport.deliver(retried(second))).toEqual({ kind: "confirmed" });
  expect(field.submitted).toEqual([OWN]);
});

describe("a text that stands in the composer, where no further attempt may follow", () => {
  it("is told of, also where its window is gone by then", async () => {
    const { work, transport, first, second } = await leftStanding();
    expect(first).toMatchObject({
      standing: {
        code: "focus_lost",
        message: expect.stringContaining("its text still stands in the input field"),
      },
    });
    work.hands.windows = () => Promise.resolve([]);
    expect(await transport.deliver(second)).toMatchObject({
      kind: "deferred",
      error: { code: "window_not_found" },
      standing: { code: "window_not_found", hint: expect.stringContaining("--unconfirmed") },
    });
  });

  it("is told of where the attempt saw it and could do nothing more", async () => {
    const { work, transport, second } = await leftStanding();
    const { look } = work.hands;
    let looks = 0;
    work.hands.look = (keys, patienceMs) =>
      looks++ === 0 ? look(keys, patienceMs) : Promise.resolve(refusalOf("focus_lost", true));
    expect(await transport.deliver(second)).toMatchObject({
      kind: "deferred",
      standing: { code: "focus_lost" },
    });
  });

  it("is unconfirmed, not failed, where no retry mends what came in the way", async () => {
    const { work, transport, second } = await leftStanding();
    work.hands.aim = () => Promise.resolve(refusalOf("calibration_stale"));
    expect(await transport.deliver(second)).toMatchObject({
      kind: "unknown",
      error: { code: "calibration_stale", hint: expect.stringContaining("--unconfirmed") },
    });
  });
});
