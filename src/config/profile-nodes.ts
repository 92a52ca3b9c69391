/** What may stand in `swarm.json` for one profile: a built-in one with other keys, of a window or of a terminal. */
import { BUILT_IN_PROFILES, type Profile } from "../domain/profile.ts";
import { TERMINAL_PROFILES, type TerminalProfile } from "../domain/terminal-profile.ts";
import type { Field, ListNode, Node, ObjectNode, TextNode, VariantsNode } from "./schema-node.ts";

const MODIFIERS = "(?:(?:Ctrl|Shift|Alt|Cmd|Super|Meta)\\+)*";
const KEYS =
  "(?:[A-Za-z0-9]|F[1-9]|F1[0-2]|Enter|Escape|Backspace|Delete|Insert|Tab|Space|Home|End|Left|Right|Up|Down)";
const CHORD = new RegExp(`^${MODIFIERS}${KEYS}$`);

const chord: TextNode = {
  kind: "text",
  pattern: CHORD,
  expected: 'a key such as "Enter", "Ctrl+A" or "Cmd+Down"',
};
const chordOrNone: Node = { kind: "either", options: [chord, { kind: "constant", value: null }] };

/** A field for each key of a profile: the compiler sees to it. */
const windowKeys = {
  selectAll: { node: chord },
  copy: { node: chord },
  paste: { node: chord },
  caretEnd: { node: { ...chord, about: "Moves the caret behind the last character." } },
  erase: { node: { ...chord, about: "Removes what is selected." } },
  submit: { node: chord },
  urgentSubmit: { node: { ...chordOrNone, about: "Submits an urgent message; null: as any other." } },
  isReadable: { node: { kind: "flag", about: "Whether select-all and copy read the input field." } },
} satisfies Record<keyof Omit<Profile, "name">, Field>;

const terminalKey: TextNode = {
  kind: "text",
  pattern: /^(?:[CMS]-)*(?:\S|[A-Z][A-Za-z]+\d*)$/,
  expected: 'a key as tmux names it, such as "Enter", "C-u" or "Escape"',
};
const terminalKeyOrNone: Node = { kind: "either", options: [terminalKey, { kind: "constant", value: null }] };
const pattern = (about: string): TextNode => ({
  kind: "text",
  about,
  pattern: /./,
  expected: "a regular expression",
  problem: regexProblem,
});
const listOf = (items: Node, about: string): ListNode => ({ kind: "list", items, about });

const terminalKeys = {
  programs: {
    node: listOf({ kind: "text" }, "Names of programs or scripts, of which one runs in the pane."),
  },
  prompt: { node: pattern("What stands before the text in the composer's first line.") },
  footer: {
    node: listOf(pattern("A line."), "A last line in the composer's box that is not part of its text."),
  },
  placeholder: {
    node: listOf(pattern("A line."), "What an empty composer shows, if it is not drawn faint."),
  },
  longPaste: { node: pattern("What the composer shows in place of a long paste.") },
  dialog: { node: listOf(pattern("A line."), "Lines that only a dialog has.") },
  busy: { node: listOf(pattern("A line."), "Lines that say that the agent works.") },
  queued: { node: listOf(pattern("A line."), "Lines that say that the agent has queued a message itself.") },
  clear: { node: listOf(terminalKey, "Keys that empty the composer; none: it can't be done.") },
  submit: { node: terminalKey },
  urgentSubmit: { node: { ...terminalKeyOrNone, about: "Submits an urgent message; null: as any other." } },
  takesPastes: { node: { kind: "flag", about: "Whether a paste of several lines stays one text." } },
} satisfies Record<keyof Omit<TerminalProfile, "name">, Field>;

function regexProblem(source: string): string | null {
  try {
    new RegExp(source);
    return null;
  } catch (cause) {
    return `is no valid regular expression: ${cause instanceof Error ? cause.message : cause}`;
  }
}

function variantsOf(
  profiles: readonly { readonly name: string }[],
  fields: ObjectNode["fields"],
): Readonly<Record<string, ObjectNode>> {
  return Object.fromEntries(profiles.map(({ name }) => [name, { kind: "object", fields }]));
}

export const profileNode: VariantsNode = {
  kind: "variants",
  about: "A profile of your own: a built-in one with other keys.",
  by: "extends",
  variants: { ...variantsOf(BUILT_IN_PROFILES, windowKeys), ...variantsOf(TERMINAL_PROFILES, terminalKeys) },
};
