import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectX11, type XConnection } from "../../../src/desktop/x11/connection.ts";
import { type Keyboard, pressChords, readKeyboard } from "../../../src/desktop/x11/keyboard.ts";
import { BUILT_IN_PROFILES } from "../../../src/domain/profile.ts";
import { type Desktop, startDesktop } from "../../desktop-fixture/desktop.ts";

describe("the keyboard of an X display", () => {
  let desktop: Desktop;
  let x: XConnection;
  let keyboard: Keyboard;

  beforeAll(async () => {
    desktop = await startDesktop({ windowManager: false });
    x = await connectX11(desktop.display, () => undefined);
    keyboard = await readKeyboard(x);
  });
  afterAll(async () => {
    x?.close();
    await desktop?.stop();
  });

  it("has every key of the built-in profiles", () => {
    for (const { selectAll, copy, paste, caretEnd, erase, submit, urgentSubmit } of BUILT_IN_PROFILES) {
      for (const chord of [selectAll, copy, paste, caretEnd, erase, submit, urgentSubmit ?? submit]) {
        expect(keyboard.codes(chord).every((code) => code >= 8 && code <= 255)).toBe(true);
      }
    }
  });

  it("names a key that it does not have", () => {
    expect(() => keyboard.codes("Ctrl+Nosuchkey")).toThrow('the keyboard has no key "Nosuchkey"');
  });

  it("keeps a modifier down between chords that share it, and lets all go at the end", () => {
    const events: string[] = [];
    const fake: XConnection = {
      ...x,
      xtest: { FakeInput: (type, detail) => void events.push(`${type === 2 ? "+" : "-"}${detail}`) },
    };
    const [ctrl, shift, a, c, enter] = [37, 50, 38, 54, 36];
    pressChords(fake, [[ctrl, a], [ctrl, c], [ctrl, shift, a], [enter], []]);
    expect(events.join(" ")).toBe("+37 +38 -38 +54 -54 -37 +37 +50 +38 -38 -50 -37 +36 -36");
  });
});
