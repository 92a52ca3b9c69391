import { expect, it } from "vitest";
import type { PasteLook } from "../../../src/ports/desktop.ts";
import { provenWhole } from "../../../src/transports/desktop/whole.ts";
import { type Script, SILENCE, scriptedTransport, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const NOT_WHOLE = { kind: "deferred", error: { code: "readback_mismatch" } };
const proven = (looks: Script["looks"]) =>
  provenWhole(scriptedWork({ looks, pastes: [], pressed: [] }, OWN), 1_000);

it("takes a text for whole that is read twice more", async () => {
  expect(await proven([text(OWN), text(OWN)])).toBeNull();
});

it("does not submit where the paste of an earlier attempt has come behind the text", async () => {
  expect(await proven([text(OWN + OWN)])).toMatchObject(NOT_WHOLE);
  expect(await proven([text(OWN), text(OWN + OWN)])).toMatchObject(NOT_WHOLE);
});

it("does not believe a page that stands still", async () => {
  expect(await proven([SILENCE])).toMatchObject(NOT_WHOLE);
});

it("a message that is tried again is not submitted before that", async () => {
  const pasted: PasteLook = { look: text(OWN), isTaken: true, overtaken: null };
  const script: Script = {
    looks: [SILENCE, text(OWN), text(OWN + OWN)],
    pastes: [pasted, pasted],
    pressed: [],
  };
  const work = scriptedWork(script, OWN);
  const { attempt, hands } = work;
  const { look } = hands;
  hands.look = (keys, patienceMs) =>
    keys.select.includes("Ctrl+A") ? look(keys, patienceMs) : Promise.resolve({ ok: true, look: text("o") });
  const transport = scriptedTransport(work);
  const again = { ...attempt, state: { ...attempt.state, totalAttempts: 2 } };
  expect(await transport.deliver(again)).toMatchObject(NOT_WHOLE);
  expect(script.pressed.filter((keys) => keys.includes("Enter"))).toEqual([]);
});
