import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { describeProblem } from "../../src/config/problem.ts";
import { freshWorkspace } from "./workspace.ts";

const WHOLE = {
  $schema: "./schema/swarm.schema.json",
  agents: {
    Captain: { transport: "inbox" },
    "Agent-1": { transport: "tmux", pane: "swarm:agents.0", socket: "default", profile: "codex" },
    "Agent-2": {
      transport: "desktop",
      profile: "chat",
      window: { title: "Agent-2 - Cursor" },
      input: { x: 300, y: -70, from: "bottom-left" },
    },
  },
  groups: { builders: ["Agent-1", "Agent-2"] },
  delivery: {
    attempts: 3,
    backoff: { initial: "1s", factor: 2, max: "30s" },
    attemptTimeout: "20s",
    header: "[#{id} from {sender}] ",
    inlineLimit: 8000,
    join: false,
    maxBytes: 1048576,
    humanIdle: "1s",
  },
  alerts: { window: "1h", failureRate: 0.01, retryRate: 0.05, failedFor: "5m", command: null },
  retention: { tracker: 1000, archive: "90d" },
};

function loaded(root: string, env: NodeJS.ProcessEnv = {}): Config {
  const result = loadConfig(root, env);
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join("\n"));
  return result.config;
}

function problems(
  config: unknown,
  env: NodeJS.ProcessEnv = {},
  folders: readonly string[] = [],
): readonly string[] {
  const result = loadConfig(freshWorkspace(config, folders), env);
  return result.ok ? [] : result.problems.map(describeProblem);
}

describe("what swarm.json holds", () => {
  it("gives the documented defaults without a file, and the documented file means the same", () => {
    const { settings: defaults, ...withoutFile } = loaded(freshWorkspace());
    const { settings, ...withFile } = loaded(freshWorkspace(WHOLE));
    expect(withoutFile.delivery).toEqual({
      attempts: 3,
      backoff: { initialMs: 1000, factor: 2, maxMs: 30_000 },
      attemptTimeoutMs: 20_000,
      header: "[#{id} from {sender}] ",
      inlineLimit: 8000,
      join: false,
      maxBytes: 1_048_576,
      humanIdleMs: 1000,
    });
    expect(withFile.delivery).toEqual(withoutFile.delivery);
    expect(withFile.alerts).toEqual(withoutFile.alerts);
    expect(withFile.retention).toEqual({ tracker: 1000, archiveMs: 90 * 86_400_000 });
    expect(withFile.retention).toEqual(withoutFile.retention);
    expect(new Set(defaults.map(({ source }) => source))).toEqual(new Set(["default"]));
    expect(settings.find(({ path }) => path === "desktop.display")?.source).toBe("default");
  });

  it("reads agents of every transport, and folders beside them as inbox agents", () => {
    const root = freshWorkspace(WHOLE, ["Agent-10", "Agent-9", "Agent-2", ".hidden", "not a name"]);
    writeFileSync(join(root, "agent_workspaces", "README.md"), "");
    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(root, "agent_workspaces", "Linked"));
    const { agents } = loaded(root);
    expect([...agents.keys()]).toEqual(["Captain", "Agent-1", "Agent-2", "Agent-9", "Agent-10", "Linked"]);
    expect(agents.get("Agent-1")).toEqual({
      name: "Agent-1",
      transport: "tmux",
      pane: "swarm:agents.0",
      socket: "default",
      profile: "codex",
    });
    expect(agents.get("Agent-2")).toEqual({
      name: "Agent-2",
      transport: "desktop",
      profile: "chat",
      windowTitle: "Agent-2 - Cursor",
      input: { x: 300, y: -70, from: "bottom-left" },
    });
    expect(agents.get("Agent-9")).toEqual({ name: "Agent-9", transport: "inbox" });
  });

  it("has the keys of macOS in the built-in profiles there", () => {
    const result = loadConfig(
      freshWorkspace({ profiles: { mine: { extends: "chat", submit: "Ctrl+Enter" } } }),
      {},
      "darwin",
    );
    if (!result.ok) throw new Error("the configuration is right");
    const { profiles } = result.config;
    expect(profiles.get("chat")).toMatchObject({ selectAll: "Cmd+A", paste: "Cmd+V", caretEnd: "Cmd+Down" });
    expect(profiles.get("mine")).toMatchObject({ selectAll: "Cmd+A", submit: "Ctrl+Enter" });
  });

  it("builds own profiles on a built-in one", () => {
    const { profiles } = loaded(
      freshWorkspace({ profiles: { mine: { extends: "cursor", submit: "Ctrl+Enter", urgentSubmit: null } } }),
    );
    expect(profiles.get("mine")).toEqual({
      ...profiles.get("cursor"),
      name: "mine",
      submit: "Ctrl+Enter",
      urgentSubmit: null,
    });
  });
});

describe("where a value comes from", () => {
  const config = { delivery: { attempts: 5, humanIdle: "2s", header: false } };

  it("prefers the environment to the file and the file to the default", () => {
    const env = {
      SWARM_DELIVERY_ATTEMPTS: "7",
      SWARM_DELIVERY_BACKOFF_INITIAL: "2s",
      SWARM_DESKTOP_DISPLAY: ":7",
    };
    const { delivery, display, settings } = loaded(freshWorkspace(config), env);
    expect(delivery.attempts).toBe(7);
    expect(delivery.backoff.initialMs).toBe(2000);
    expect(delivery.humanIdleMs).toBe(2000);
    expect(delivery.header).toBe(false);
    expect(delivery.inlineLimit).toBe(8000);
    expect(display).toBe(":7");
    const sources = Object.fromEntries(settings.map(({ path, source }) => [path, source]));
    expect(sources).toMatchObject({
      "delivery.attempts": "environment",
      "delivery.humanIdle": "swarm.json",
      "delivery.inlineLimit": "default",
      "delivery.join": "default",
    });
  });

  it("takes `false` and `null` from the environment where the file may hold them", () => {
    const env = { SWARM_DELIVERY_HEADER: "false", SWARM_ALERTS_COMMAND: "null" };
    const { delivery, alerts } = loaded(freshWorkspace({ alerts: { command: "beep" } }), env);
    expect(delivery.header).toBe(false);
    expect(alerts.command).toBeNull();
  });

  it("reports wrong and mistyped variables by their name, with what is wrong in the file", () => {
    const env = {
      SWARM_DELIVERY_ATTEMPTS: "many",
      SWARM_DELIVERY_INLINE_LIMITS: "1",
      SWARM_ROOT: "/",
      SWARM_AGENT: "x",
    };
    expect(problems({ delivery: { attemps: 2 } }, env)).toEqual([
      'delivery.attemps: unknown key; did you mean "attempts"?',
      'SWARM_DELIVERY_ATTEMPTS: must be a whole number from 1 to 100, and is "many"',
      'SWARM_DELIVERY_INLINE_LIMITS: unknown environment variable; did you mean "SWARM_DELIVERY_INLINE_LIMIT"?',
    ]);
  });
});

describe("one report tells everything that is wrong", () => {
  it("lists each problem with its path and the nearest valid key", () => {
    const found = problems({
      agnets: {},
      agents: {
        "../../x": { transport: "inbox" },
        "Agent-1": { transport: "tumx", pane: "p" },
        "Agent-2": {
          transport: "desktop",
          window: { titel: "x" },
          input: { x: "300", y: 1.5, from: "bottomleft" },
        },
        "Agent-3": { transport: "inbox", pane: "swarm:0" },
        "Agent-4": {},
        "Agent-5": [],
      },
      delivery: { backoff: { initial: 1, factor: 0 }, header: true, attemptTimeout: "20 seconds" },
      retention: { archive: "-1d" },
    });
    expect(found).toEqual([
      "agnets: unknown key; valid here: $schema, agents, groups, profiles, delivery, desktop, alerts, retention",
      'agents["../../x"]: can\'t be the name of an agent: 1 to 64 letters, digits, ".", "_" and "-", the first a letter or digit',
      'agents.Agent-1.transport: must be one of "inbox", "tmux", "desktop", and is "tumx"; did you mean "tmux"?',
      'agents.Agent-2.window.titel: unknown key; did you mean "title"?',
      'agents.Agent-2.input.x: must be a whole number from -100000 to 100000, and is "300"',
      "agents.Agent-2.input.y: must be a whole number from -100000 to 100000, and is 1.5",
      'agents.Agent-2.input.from: must be one of "top-left", "top-right", "bottom-left", "bottom-right", "screen", and is "bottomleft"; did you mean "bottom-left"?',
      "agents.Agent-3.pane: unknown key; valid here: transport",
      'agents.Agent-4.transport: is missing: one of "inbox", "tmux", "desktop"',
      "agents.Agent-5: must be an object, and is a list",
      'delivery.backoff.initial: must be a duration such as "500ms", "20s", "5m", "2h" or "90d", and is 1; did you mean "1s"?',
      "delivery.backoff.factor: must be a number from 1 to 100, and is 0",
      "delivery.header: must be one line of at most 500 characters (or false), and is true",
      'delivery.attemptTimeout: must be a duration such as "500ms", "20s", "5m", "2h" or "90d", and is "20 seconds"',
      'retention.archive: must be a duration such as "500ms", "20s", "5m", "2h" or "90d", and is "-1d"',
    ]);
  });

  it("finds references that lead nowhere and names that mean two things", () => {
    const window = { title: "x" };
    const input = { x: 1, y: 1, from: "screen" };
    const found = problems(
      {
        agents: { "Agent-2": { transport: "desktop", profile: "chta", window, input } },
        groups: { all: ["Agent-2", "agent-2", "Agent-3"], empty: [], "Agent-2": ["Agent-2"] },
        profiles: { chat: { extends: "cursor" } },
      },
      {},
      ["Agent-3"],
    );
    expect(found).toEqual([
      'groups.all[1]: names no agent: "agent-2"; did you mean "Agent-2"?',
      "groups.empty: names no agent",
      "groups.Agent-2: is the name of an agent too; one of them must be renamed",
      'agents.Agent-2.profile: names no desktop profile (chat, cursor, vscode, terminal); did you mean "chat"?',
      "profiles.chat: is the name of a built-in profile; choose another",
    ]);
  });

  it.each([
    [
      "attemptTimeout",
      "60s",
      "delivery.attemptTimeout: must be below the time that send waits by default (1m), and is 60s",
    ],
    ["humanIdle", "20s", "delivery.humanIdle: must be below delivery.attemptTimeout (20s), and is 20s"],
  ])("refuses a %s that does not fit into the wait around it", (key, value, text) => {
    expect(problems({ delivery: { [key]: value } })).toEqual([text]);
  });

  it("names the variable when it is the environment that breaks the order of waits", () => {
    expect(problems({}, { SWARM_DELIVERY_BACKOFF_INITIAL: "31s" })).toEqual([
      "SWARM_DELIVERY_BACKOFF_INITIAL: must not be above delivery.backoff.max (30s), and is 31s",
    ]);
  });

  it.each([
    ["/Agent-(/", "is no valid regular expression"],
    ["/Agent/g", 'the flag "g"'],
    ["", 'must be a window title or /regex/, and is ""'],
  ])("refuses the window title %j", (title, text) => {
    const input = { x: 1, y: 1, from: "screen" };
    const [first, ...rest] = problems({ agents: { A: { transport: "desktop", window: { title }, input } } });
    expect(first).toContain(text);
    expect(rest).toEqual([]);
  });

  it("takes a path for an exact title and a regular expression with flags for one", () => {
    const input = { x: 1, y: 1, from: "screen" };
    for (const title of ["/home/user", "/^Agent-2\\b/i", "a/b/"]) {
      expect(problems({ agents: { A: { transport: "desktop", window: { title }, input } } })).toEqual([]);
    }
  });
});

describe("a file that is damaged", () => {
  it.each([
    ["", "line 1, column 1: not valid JSON: it is empty"],
    ['{"agents": {\n  "A": x\n}}', 'line 2, column 8: not valid JSON: "x" is not expected here'],
    ['{"agents": {},}', "line 1, column 15: not valid JSON: a comma or colon before it leads to nothing"],
    ['{"agents": {} "groups": {}}', "line 1, column 15: not valid JSON: a comma is missing before it"],
    ['{"agents": {}', "line 1, column 14: not valid JSON: it ends too early"],
    ["{'agents': {}}", "line 1, column 2: not valid JSON: \"'agents'\" is not expected here"],
    ["{} {}", "line 1, column 4: not valid JSON: something follows the end"],
    ['{"a": 01}', "line 1, column 7: not valid JSON: 01 is no number"],
    ["[]", "must be an object, and is a list"],
  ])("says where %j is wrong", (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  it("tells keys that stand twice, because one of them would be lost", () => {
    const text = '{"agents": {"A": {"transport": "inbox"}, "A": {"transport": "inbox"}}}';
    expect(problems(text)).toEqual(["agents.A: stands twice in the file; one of them would be lost"]);
  });

  it("accepts a byte order mark, and refuses what is not UTF-8", () => {
    expect(problems("\uFEFF{}")).toEqual([]);
    const root = freshWorkspace();
    writeFileSync(join(root, "swarm.json"), Buffer.from([0x7b, 0xff, 0x7d]));
    expect(loadConfig(root, {})).toMatchObject({ ok: false, problems: [{ message: "is not UTF-8 text" }] });
  });

  it("says that a folder lies in place of the file", () => {
    const root = freshWorkspace();
    mkdirSync(join(root, "swarm.json"));
    expect(loadConfig(root, {})).toMatchObject({
      ok: false,
      problems: [{ message: "is a folder, and should be a file" }],
    });
  });

  it("does not let a key reach an object's prototype", () => {
    expect(problems('{"__proto__": {"x": 1}, "constructor": 1}')).toHaveLength(2);
    expect(problems('{"agents": {"__proto__": {"transport": "inbox"}}}')).toHaveLength(1);
  });
});
