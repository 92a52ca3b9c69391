/** What may stand in `swarm.json`: the one source of the check, of the defaults and of the shipped JSON Schema. */
import { agentNode } from "./agent-nodes.ts";
import { profileNode } from "./profile-nodes.ts";
import type { DurationNode, NumberNode, ObjectNode } from "./schema-node.ts";

const integer = (min: number, max: number, about: string): NumberNode => ({
  kind: "number",
  isInteger: true,
  min,
  max,
  about,
});
const share = (about: string): NumberNode => ({ kind: "number", isInteger: false, min: 0, max: 1, about });
const duration = (minMs: number, about: string): DurationNode => ({ kind: "duration", minMs, about });

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
    join: {
      default: false,
      node: { kind: "flag", about: "Whether messages that wait for one agent may be typed in one turn." },
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
        about:
          "Run by the shell when an alert fires and when it clears, with the alert as JSON on standard input.",
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

export const SWARM_JSON: ObjectNode = {
  kind: "object",
  fields: {
    $schema: { node: { kind: "text" } },
    agents: {
      node: {
        kind: "map",
        names: "an agent",
        about: "The agents by name. Folders in agent_workspaces are agents too, with the inbox transport.",
        values: agentNode,
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
    profiles: { node: { kind: "map", names: "a profile", values: profileNode } },
    delivery: { node: delivery },
    desktop: { node: desktop },
    alerts: { node: alerts },
    retention: { node: retention },
  },
};
