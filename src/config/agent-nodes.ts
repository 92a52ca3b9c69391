/** What may stand in `swarm.json` for one agent and for one profile. */
import { BUILT_IN_PROFILES, type Profile } from "../domain/profile.ts";
import type {
  ChoiceNode,
  Field,
  Node,
  NumberNode,
  ObjectNode,
  TextNode,
  VariantsNode,
} from "./schema-node.ts";

const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right", "screen"] as const;

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
const profileName: TextNode = { kind: "text", pattern: /^.+$/, expected: "the name of a profile" };

const inboxAgent: ObjectNode = {
  kind: "object",
  about: "Messages are files in agent_workspaces/<name>/inbox.",
  fields: {},
};

const tmuxAgent: ObjectNode = {
  kind: "object",
  about: "A terminal agent in a tmux pane.",
  fields: {
    pane: {
      isRequired: true,
      node: {
        kind: "text",
        about: "Any tmux target that names exactly one pane.",
        pattern: /\S/,
        expected: "a tmux target",
      },
    },
    socket: {
      node: {
        kind: "text",
        about: "A tmux -L name, or a path for -S.",
        pattern: /\S/,
        expected: "a socket name",
      },
    },
    profile: {
      node: { ...profileName, about: "How its screen is read; default: chosen by what runs in the pane." },
    },
  },
};

const from: ChoiceNode = { kind: "choice", values: CORNERS };
const pixels: NumberNode = {
  kind: "number",
  isInteger: true,
  min: -100_000,
  max: 100_000,
  about: "Pixels from the corner; negative values count back.",
};

const desktopAgent: ObjectNode = {
  kind: "object",
  about: "A window with an input field. `swarm calibrate` writes this entry.",
  fields: {
    profile: { node: { ...profileName, about: 'How its input field behaves; default: "chat".' } },
    window: {
      isRequired: true,
      node: {
        kind: "object",
        fields: {
          title: {
            isRequired: true,
            node: {
              kind: "text",
              about: "Exact title, or /regex/; must match exactly one window.",
              pattern: /\S/,
              expected: "a window title or /regex/",
              problem: regexProblem,
            },
          },
        },
      },
    },
    input: {
      isRequired: true,
      node: {
        kind: "object",
        about: "Where its input field is.",
        fields: {
          x: { isRequired: true, node: pixels },
          y: { isRequired: true, node: pixels },
          from: { isRequired: true, node: { ...from, about: "A corner of the window, or the screen." } },
        },
      },
    },
  },
};

/** Titles are regular expressions where `titleMatches` takes them for one. `g` can't be meant, but may be written. */
function regexProblem(title: string): string | null {
  const [, source, flags] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(title) ?? [];
  if (source === undefined || flags === undefined) return null;
  if (flags.includes("g")) return 'is a regular expression with the flag "g", which means nothing here';
  try {
    new RegExp(source, flags);
    return null;
  } catch (cause) {
    return `is no valid regular expression: ${cause instanceof Error ? cause.message : cause}`;
  }
}

export const agentNode: VariantsNode = {
  kind: "variants",
  by: "transport",
  variants: { inbox: inboxAgent, tmux: tmuxAgent, desktop: desktopAgent },
};

/** A field for each key of a profile: the compiler sees to it. */
const profileKeys = {
  selectAll: { node: chord },
  copy: { node: chord },
  paste: { node: chord },
  caretEnd: { node: { ...chord, about: "Moves the caret behind the last character." } },
  erase: { node: { ...chord, about: "Removes what is selected." } },
  submit: { node: chord },
  urgentSubmit: { node: { ...chordOrNone, about: "Submits an urgent message; null: as any other." } },
  isReadable: { node: { kind: "flag", about: "Whether select-all and copy read the input field." } },
} satisfies Record<keyof Omit<Profile, "name">, Field>;

export const profileNode: ObjectNode = {
  kind: "object",
  about: "A profile of your own: a built-in one with other keys.",
  fields: {
    extends: {
      isRequired: true,
      node: { kind: "choice", values: BUILT_IN_PROFILES.map(({ name }) => name) },
    },
    ...profileKeys,
  },
};
