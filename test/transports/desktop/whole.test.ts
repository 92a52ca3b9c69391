import { expect, it } from "vitest";
import { provenWhole } from "../../../src/transports/desktop/whole.ts";
import { type Script, SILENCE, scriptedWork, text } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";

function scripted(looks: Script["looks"]) {
  const script: Script = { looks, pastes: [], pressed: [] };
  return { script, work: scriptedWork(script, OWN) };
}

it("takes a text for whole once a character behind it shows, and takes that out again", async () => {
  const { script, work } = scripted([text(OWN), text(`${OWN}x`), text("x")]);
  expect(await provenWhole(work, 1_000)).toBeNull();
  expect(script.pressed.at(-1)).toBe("Backspace");
  expect(work.isMarkLeft).toBe(false);
});

it("does not submit where the paste of an earlier attempt has come behind the text", async () => {
  const { work } = scripted([text(OWN), text(`${OWN}${OWN}x`), SILENCE]);
  expect(await provenWhole(work, 1_000)).toMatchObject({
    kind: "deferred",
    error: { code: "readback_mismatch" },
  });
  expect(work.isMarkLeft).toBe(true);
});

it("does not believe a page that stands still", async () => {
  const { work } = scripted([SILENCE]);
  expect(await provenWhole(work, 1_000)).toMatchObject({ kind: "deferred" });
});
