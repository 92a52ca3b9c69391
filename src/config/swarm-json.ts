/** What may stand in `swarm.json`: the one source of the check, of the defaults and of the shipped JSON Schema. */
import { BUILT_IN_PROFILES } from "../domain/profile.ts";
import type { ChoiceNode, DurationNode, Node, NumberNode, ObjectNode, TextNode } from "./schema-node.ts";

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

const integer = (min: number, max: number, about: string): NumberNode => ({
  kind: "number",
  isInteger: true,
  min,
  max,
  about,
});
const share = (about: string): NumberNode => ({ kind: "number", isInteger: false, min: 0, max: 1, about });
const duration = (minMs: number, about: string): DurationNode => ({ kind: "duration", minMs, about });

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
const pixels = (about: string) => integer(-100_000, 100_000, about);

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
          x: { isRequired: true, node: pixels("Pixels from the corner; negative values count back.") },
          y: { isRequired: true, node: pixels("Pixels from the corner; negative values count back.") },
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

const delivery: ObjectNode = {
  kind: "object",
  about: "How messages are delivered.",
  fields: {
    attempts: { default: 3, node: integer(1, 100, "Attempts before a message is failed.") },
    backoff: {
      node: {
        kind: "object",
        about: "The pause before the next attempt.",
        fields: {
          initial: { default: "1s", node: duration(1, "Before the second attempt.") },
          factor: {
            default: 2,
            node: {
              kind: "number",
              isInteger: false,
              min: 1,
              max: 100,
              about: "Each pause by so much longer than the one before.",
            },
          },
          max: { default: "30s", node: duration(1, "The longest pause.") },
        },
      },
    },
    attemptTimeout: {
      default: "20s",
      node: duration(100, "For the way of one attempt to Enter, and once more for the proof after it."),
    },
    header: {
      default: "[#{id} from {sender}] ",
      node: {
        kind: "either",
        about: "Typed before the body; {id} and {sender} are filled in. false: none.",
        options: [
          {
            kind: "text",
            pattern: /^[^\u0000-\u001f\u007f-\u009f]{0,500}$/,
            expected: "one line of at most 500 characters",
          },
          { kind: "constant", value: false },
        ],
      },
    },
    inlineLimit: {
      default: 8000,
      node: integer(0, 1_000_000, "Above so many characters one line that names the inbox file is typed."),
    },
    maxBytes: { default: 1_048_576, node: integer(1, 64 * 1_048_576, "Longest body in bytes.") },
    humanIdle: { default: "1s", node: duration(0, "How long a person must have been idle.") },
  },
};

const alerts: ObjectNode = {
  kind: "object",
  about: "When `status --check` ends with 7.",
  fields: {
    window: { default: "1h", node: duration(1000, "Rates are those of the last while of this length.") },
    failureRate: { default: 0.01, node: share("Fires above this share of failed messages.") },
    retryRate: {
      default: 0.05,
      node: share("Fires above this share of messages that needed another attempt."),
    },
    failedFor: {
      default: "5m",
      node: duration(0, "Fires when a message has been failed for so long and nobody retried it."),
    },
    command: {
      default: null,
      node: {
        kind: "either",
        about: "Run when an alert begins.",
        options: [
          { kind: "text", pattern: /\S/, expected: "a command" },
          { kind: "constant", value: null },
        ],
      },
    },
  },
};

const retention: ObjectNode = {
  kind: "object",
  about: "What is kept.",
  fields: {
    tracker: { default: 1000, node: integer(0, 100_000, "Finished messages in the tracker.") },
    archive: { default: "90d", node: duration(0, "How long finished messages stay in the archive.") },
  },
};

const desktop: ObjectNode = {
  kind: "object",
  about: "The desktop on which windows are looked for.",
  fields: {
    display: {
      default: null,
      node: {
        kind: "either",
        about: "For example :0. null: that of the process that sent the message, else the worker's.",
        options: [
          { kind: "text", pattern: /^[^:\s]*:\d+(\.\d+)?$/, expected: 'an X display such as ":0"' },
          { kind: "constant", value: null },
        ],
      },
    },
  },
};

const profile: ObjectNode = {
  kind: "object",
  about: "A profile of your own: a built-in one with other keys.",
  fields: {
    extends: {
      isRequired: true,
      node: { kind: "choice", values: BUILT_IN_PROFILES.map(({ name }) => name) },
    },
    selectAll: { node: chord },
    copy: { node: chord },
    paste: { node: chord },
    caretEnd: { node: { ...chord, about: "Moves the caret behind the last character." } },
    erase: { node: { ...chord, about: "Removes what is selected." } },
    submit: { node: chord },
    urgentSubmit: { node: { ...chordOrNone, about: "Submits an urgent message; null: as any other." } },
    pasteBarrier: {
      node: {
        ...chordOrNone,
        about: "A paste of nothing proves that the keys before it were handled; null: not here.",
      },
    },
    isReadable: { node: { kind: "flag", about: "Whether select-all and copy read the input field." } },
  },
};

export const SWARM_JSON: ObjectNode = {
  kind: "object",
  fields: {
    $schema: { node: { kind: "text" } },
    agents: {
      node: {
        kind: "map",
        names: "an agent",
        about: "The agents by name. Folders in agent_workspaces are agents too, with the inbox transport.",
        values: {
          kind: "variants",
          by: "transport",
          variants: { inbox: inboxAgent, tmux: tmuxAgent, desktop: desktopAgent },
        },
      },
    },
    groups: {
      node: {
        kind: "map",
        names: "a group",
        about: "Names for several agents, for broadcast --to.",
        values: { kind: "list", items: { kind: "text" } },
      },
    },
    profiles: { node: { kind: "map", names: "a profile", values: profile } },
    delivery: { node: delivery },
    desktop: { node: desktop },
    alerts: { node: alerts },
    retention: { node: retention },
  },
};
