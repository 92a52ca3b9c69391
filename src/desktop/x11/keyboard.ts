/** Key chords as X key codes, and the pressing of them. */
import x11 from "x11";
import type { XConnection } from "./connection.ts";

const KEY_PRESS = 2;
const KEY_RELEASE = 3;
const BUTTON_PRESS = 4;
const BUTTON_RELEASE = 5;
const MOTION = 6;
/** Of the first button, in the mask of what is held down. */
const FIRST_BUTTON = 0x100;

/** Names that profiles use, and the X key symbol of each. */
const SYMBOLS: Readonly<Record<string, string>> = {
  ctrl: "Control_L",
  control: "Control_L",
  shift: "Shift_L",
  alt: "Alt_L",
  meta: "Super_L",
  cmd: "Super_L",
  super: "Super_L",
  enter: "Return",
  return: "Return",
  esc: "Escape",
  escape: "Escape",
  backspace: "BackSpace",
  delete: "Delete",
  tab: "Tab",
  space: "space",
  home: "Home",
  end: "End",
  left: "Left",
  right: "Right",
  up: "Up",
  down: "Down",
  insert: "Insert",
};

/** Key codes of letters on PC keyboards, for layouts that have no Latin letters: programs take shortcuts by place there. */
const PC_LETTER_CODES: Readonly<Record<string, number>> = { a: 38, c: 54, v: 55, x: 53, z: 52 };

export interface Keyboard {
  /** Key codes in the order in which they go down. Throws for a name that is no key. */
  codes(chord: string): readonly number[];
  /** The key, by itself, only writes a character, takes one away or moves the caret: it submits nothing. */
  onlyWrites(code: number): boolean;
  /** The key, by itself, only writes a character or shifts: it takes none away. */
  onlyAdds(code: number): boolean;
}

/** Of the X protocol: key symbols of characters, all Latin and Unicode ones; and of keys that edit, move or shift. */
const FIRST_CHARACTER = 0x20;
const LAST_LATIN = 0x20ff;
const FIRST_UNICODE = 0x01000000;
const EDITING = ["BackSpace", "Delete", "Home", "End", "Left", "Right", "Up", "Down"];
const SHIFTING = ["Shift_L", "Shift_R", "Caps_Lock"];

/** Reads the server's key map once. */
export async function readKeyboard(x: XConnection): Promise<Keyboard> {
  const first = 8;
  const rows = await x.ask<readonly (readonly number[])[]>((r) => x.client.GetKeyboardMapping(first, 248, r));
  const bySymbol = new Map<number, number>();
  // Lower columns first: a symbol reached without a modifier beats one that needs it.
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    rows.forEach((row, i) => {
      const symbol = row[column];
      if (symbol && !bySymbol.has(symbol)) bySymbol.set(symbol, first + i);
    });
  }
  const code = (name: string): number => {
    const symbolName = SYMBOLS[name.toLowerCase()] ?? (name.length === 1 ? name.toLowerCase() : name);
    const symbol = x11.keySyms[`XK_${symbolName}`]?.code;
    const found = symbol === undefined ? undefined : bySymbol.get(symbol);
    const result = found ?? PC_LETTER_CODES[symbolName];
    if (result === undefined) throw new Error(`the keyboard has no key "${name}"`);
    return result;
  };
  const codesOf = (names: readonly string[]) => new Set(names.map((name) => x11.keySyms[`XK_${name}`]?.code));
  const editing = codesOf(EDITING);
  const shifting = codesOf(SHIFTING);
  const symbolOf = (keyCode: number) => rows[keyCode - first]?.[0] ?? 0;
  const isCharacter = (symbol: number) =>
    (symbol >= FIRST_CHARACTER && symbol <= LAST_LATIN) || symbol >= FIRST_UNICODE;
  return {
    codes: (chord) => chord.split("+").map((name) => code(name.trim())),
    onlyWrites(keyCode) {
      const symbol = symbolOf(keyCode);
      return isCharacter(symbol) || editing.has(symbol) || shifting.has(symbol);
    },
    onlyAdds(keyCode) {
      const symbol = symbolOf(keyCode);
      return isCharacter(symbol) || shifting.has(symbol);
    },
  };
}

/**
 * Puts the chords' events in the connection's output, all to be sent in one write: a process that is killed leaves no
 * key held down. Modifiers that one chord shares with the next stay down between them.
 */
export function pressChords(x: XConnection, chords: readonly (readonly number[])[]): void {
  const held: number[] = [];
  const up = (code: number) => x.xtest.FakeInput(KEY_RELEASE, code, 0, 0, 0, 0);
  const down = (code: number) => x.xtest.FakeInput(KEY_PRESS, code, 0, 0, 0, 0);
  for (const codes of chords) {
    const modifiers = codes.slice(0, -1);
    const isSame = modifiers.length === held.length && modifiers.every((code, i) => code === held[i]);
    if (!isSame) {
      held.splice(0).reverse().forEach(up);
      modifiers.forEach(down);
      held.push(...modifiers);
    }
    const key = codes.at(-1);
    if (key === undefined) continue;
    down(key);
    up(key);
  }
  held.reverse().forEach(up);
}

/** Lets go of every key and button that is down. */
export async function letGo(x: XConnection): Promise<void> {
  const keys = await x.ask<Buffer>((r) => x.client.QueryKeymap(r));
  const { keyMask } = await x.ask<{ keyMask: number }>((r) => x.client.QueryPointer(x.root, r));
  for (let code = 0; code < keys.length * 8; code++) {
    const isDown = ((keys[code >> 3] ?? 0) >> (code & 7)) & 1;
    if (isDown) x.xtest.FakeInput(KEY_RELEASE, code, 0, 0, 0, 0);
  }
  for (let button = 1; button <= 5; button++) {
    if (keyMask & (FIRST_BUTTON << (button - 1))) x.xtest.FakeInput(BUTTON_RELEASE, button, 0, 0, 0, 0);
  }
  await x.sync();
}

/** Moves the pointer and, with `isClick`, presses the first button there. */
export function pointAt(
  x: XConnection,
  point: { readonly x: number; readonly y: number },
  isClick: boolean,
): void {
  x.xtest.FakeInput(MOTION, 0, 0, x.root, point.x, point.y);
  if (!isClick) return;
  x.xtest.FakeInput(BUTTON_PRESS, 1, 0, 0, 0, 0);
  x.xtest.FakeInput(BUTTON_RELEASE, 1, 0, 0, 0, 0);
}
