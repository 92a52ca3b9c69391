import { expect, it } from "vitest";
import { fieldFor } from "./scripted-field.ts";
import { SILENCE, scriptedTransport, scriptedWork } from "./scripted-hands.ts";

const OWN = "[#msg_20260101_000000_0000abcd from Captain] hello";
const SLOW_MS = 500;

it("Enter is pressed again also where the page is slow to say that the text still stands there", async () => {
  const work = scriptedWork({ looks: [], pastes: [], pressed: [] }, OWN);
  const field = fieldFor(work);
  const transport = scriptedTransport(work);
  let enters = 0;
  const { press, look } = work.hands;
  work.hands.press = (chords) => {
    const isEnter = chords.includes("Enter");
    if (isEnter) enters += 1;
    return isEnter && enters === 1 ? Promise.resolve({ ok: true }) : press(chords);
  };
  work.hands.look = (keys, patienceMs) => {
    const isOfAll = keys.select.join() === work.profile.selectAll && enters === 1;
    return isOfAll && patienceMs < SLOW_MS
      ? Promise.resolve({ ok: true, look: SILENCE })
      : look(keys, patienceMs);
  };
  expect(await transport.deliver(work.attempt)).toEqual({ kind: "confirmed" });
  expect([enters, field.submitted]).toEqual([2, [OWN]]);
}, 15_000);
