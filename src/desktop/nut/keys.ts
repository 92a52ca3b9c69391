/** Key chords as nut-js names their keys. */
import type { KeyChord } from "../../ports/desktop.ts";

/** Names that profiles use, and nut-js's name for each. Letters and function keys are called the same. */
const NAMES: Readonly<Record<string, string>> = {
  ctrl: "LeftControl",
  control: "LeftControl",
  shift: "LeftShift",
  alt: "LeftAlt",
  option: "LeftAlt",
  cmd: "LeftCmd",
  meta: "LeftMeta",
  super: "LeftSuper",
  enter: "Return",
  return: "Return",
  esc: "Escape",
  escape: "Escape",
  backspace: "Backspace",
  delete: "Delete",
  tab: "Tab",
  space: "Space",
  home: "Home",
  end: "End",
  left: "Left",
  right: "Right",
  up: "Up",
  down: "Down",
  insert: "Insert",
};

/** The keys of a chord in the order in which they go down. Throws for a name that is no key. */
export function keyNames(chord: KeyChord): readonly string[] {
  return chord.split("+").map((part) => keyName(part.trim()));
}

function keyName(name: string): string {
  const known = NAMES[name.toLowerCase()];
  if (known) return known;
  if (/^[a-z]$/i.test(name) || /^f([1-9]|1\d|2[0-4])$/i.test(name)) return name.toUpperCase();
  if (/^\d$/.test(name)) return `Num${name}`;
  throw new Error(`the keyboard has no key "${name}"`);
}
