import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectX11, type XConnection } from "../../../src/desktop/x11/connection.ts";
import { type Keyboard, pointAt, pressChords, readKeyboard } from "../../../src/desktop/x11/keyboard.ts";
import { BUILT_IN_PROFILES } from "../../../src/domain/profile.ts";
import { type Desktop, startDesktop } from "../../desktop-fixture/desktop.ts";
import { until } from "../../desktop-fixture/until.ts";

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

  it("tells keys that only write from those that may submit", () => {
    const onlyWrites = (name: string) => keyboard.onlyWrites(keyboard.codes(name).at(-1) ?? 0);
    expect(
      ["q", "7", "space", "Backspace", "Delete", "Left", "End", "Shift"].filter(onlyWrites),
    ).toHaveLength(8);
    expect(["Enter", "KP_Enter", "Tab", "Escape", "Ctrl", "Alt", "Super", "F5"].filter(onlyWrites)).toEqual(
      [],
    );
    const onlyAdds = (name: string) => keyboard.onlyAdds(keyboard.codes(name).at(-1) ?? 0);
    const adding = ["q", "7", "space", "Shift"];
    expect([...adding, "Backspace", "Delete", "Left", "End", "Enter", "Ctrl"].filter(onlyAdds)).toEqual(
      adding,
    );
  });

  it("knows when somebody else last pressed what may submit, whatever it presses itself", async () => {
    const person = await connectX11(desktop.display, () => undefined);
    const press = async (by: XConnection, name: string) => {
      pressChords(by, [keyboard.codes(name)]);
      await by.sync();
      await x.sync();
      return x.presses.lastHarmful(keyboard.onlyWrites, 0);
    };
    const before = await press(person, "q");
    expect(await press(x, "Enter")).toBe(before);
    expect(await press(person, "Backspace")).toBe(before);
    expect(await press(person, "Enter")).toBeGreaterThan(before);
    person.close();
  });

  it("takes what was pressed before it looked for a person's, unless swarm is known to have pressed last", async () => {
    const person = await connectX11(desktop.display, () => undefined);
    pressChords(person, [keyboard.codes("q")]);
    await person.sync();
    const pressedAt = performance.now();
    await until("the server has been idle for a while", async () => {
      const { idle } = await x.ask<{ idle: number }>((r) => x.screenSaver?.QueryInfo(x.root, r));
      return idle > 100;
    });
    const late = await connectX11(desktop.display, () => undefined);
    expect(Math.abs(late.presses.last() - pressedAt)).toBeLessThan(50);
    expect(late.presses.lastHarmful(() => true, 0)).toBe(late.presses.last());
    // Somebody has pressed a key after swarm.
    late.presses.told(pressedAt - 50, pressedAt - 5_000);
    expect(Math.abs(late.presses.last() - pressedAt)).toBeLessThan(50);
    late.presses.told(pressedAt + 1, pressedAt - 5_000);
    expect(late.presses.last()).toBe(pressedAt - 5_000);
    late.close();
    person.close();
  });

  it("knows over which window somebody else has clicked", async () => {
    const person = await connectX11(desktop.display, () => undefined);
    const [left, right] = [person.client.AllocID(), person.client.AllocID()];
    person.client.CreateWindow(left, person.root, 0, 0, 100, 100, 0, 0, 0, 0, {});
    person.client.CreateWindow(right, person.root, 200, 0, 100, 100, 0, 0, 0, 0, {});
    for (const window of [left, right]) person.client.MapWindow(window);
    const before = x.presses.lastHarmful(keyboard.onlyWrites, 0);
    pointAt(person, { x: 250, y: 50 }, true);
    await person.sync();
    // Once for the click, once for the question over which window it was.
    await x.sync();
    await x.sync();
    expect(x.presses.lastHarmful(keyboard.onlyWrites, left)).toBe(before);
    expect(x.presses.lastHarmful(keyboard.onlyWrites, right)).toBeGreaterThan(before);
    expect(x.presses.lastHarmful(keyboard.onlyWrites, 0)).toBeGreaterThan(before);
    person.close();
  });

  it("sends chords in one write, however slowly it gets to run: killed in between it would leave a key down", async () => {
    const slowly: XConnection = {
      ...x,
      xtest: {
        FakeInput(...event) {
          const until = performance.now() + 3;
          while (performance.now() < until);
          x.xtest.FakeInput(...event);
        },
      },
    };
    await x.sync();
    const { stats } = Reflect.get(x.client, "pack_stream") as { readonly stats: { readonly writes: number } };
    const before = stats.writes;
    const [ctrl, a, c, end] = [37, 38, 54, 115];
    pressChords(slowly, [
      [ctrl, a],
      [ctrl, c],
      [ctrl, end],
      [ctrl, a],
      [ctrl, c],
      [ctrl, end],
    ]);
    await x.sync();
    expect(stats.writes - before).toBe(1);
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
