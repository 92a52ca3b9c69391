import { expect, it } from "vitest";
import { provenWhole } from "../../../src/transports/desktop/whole.ts";
import { type Script, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

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
