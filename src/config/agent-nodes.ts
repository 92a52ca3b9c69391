/** What may stand in `swarm.json` for one agent. */
import type { ChoiceNode, NumberNode, ObjectNode, TextNode, VariantsNode } from "./schema-node.ts";

const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right", "screen"] as const;

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
