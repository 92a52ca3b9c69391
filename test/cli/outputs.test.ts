/**
 * What every command prints, for people and with `--json`, from real runs in a small workspace: golden/out-<command>.txt
 * and .json. Read them aloud when they change.
 */
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { CallOptions, Workspace, WorkspaceOptions } from "../e2e/workspace.ts";
import { breakInbox, enqueue, enqueueEnded, normal, queueOf, SOME_ERROR, workspaceFor } from "./fixture.ts";

interface Case {
  /** What is told, in a few words. */
  readonly about: string;
  /** The command line; made anew for each run, after `prepare`. */
  readonly args: readonly string[] | ((id: string) => readonly string[]);
  /** Makes what the command is to find, and gives the id that it is about, if any. */
  readonly prepare?: (workspace: Workspace) => string | Promise<string>;
  readonly options?: WorkspaceOptions;
  readonly call?: CallOptions;
}

const ONE_ATTEMPT = { delivery: { attempts: 1 } };
const CALM = { alerts: { failedFor: "90d", failureRate: 1, retryRate: 1 } };
const WINDOW = { transport: "desktop", window: { title: "x" }, input: { x: 1, y: 1, from: "screen" } };
const UNKNOWN = "msg_20200101_000000_00000000";
/** So that it is twelve minutes for every run. */
const ago = () => Date.now() - 750_000;

const waiting = (workspace: Workspace) => enqueue(queueOf(workspace));
const failed = (workspace: Workspace) =>
  enqueueEnded(queueOf(workspace), { type: "failed", at: ago(), error: SOME_ERROR });
const unconfirmed = (workspace: Workspace) =>
  enqueueEnded(queueOf(workspace), { type: "unconfirmed", at: ago(), error: SOME_ERROR });
const delivered = (workspace: Workspace) =>
  enqueueEnded(queueOf(workspace), { type: "delivered", at: Date.now() });
const fromAgent = (workspace: Workspace) => enqueue(queueOf(workspace), { sender: "Agent-2" });
const blocked = (workspace: Workspace) => {
  breakInbox(workspace, "Agent-2");
  return "";
};

/** Each command with what it most often does, and what most often goes wrong with it. */
const OUTPUTS: Readonly<Record<string, readonly Case[]>> = {
  init: [
    { about: "a new folder", args: ["init", "--agents", "2"], options: { agents: [] } },
    { about: "folders that are there stay", args: ["init", "--agents", "2"] },
    { about: "no number", args: ["init", "--agents", "none"] },
  ],
  send: [
    { about: "delivered", args: ["send", "Agent-1", "hello"] },
    { about: "queued, and not waited for", args: ["send", "Agent-1", "hello", "--no-wait"] },
    { about: "for later", args: ["send", "Agent-1", "hello", "--in", "2h"] },
    { about: "at no time", args: ["send", "Agent-1", "hello", "--at", "noon"] },
    {
      about: "failed",
      args: ["send", "Agent-2", "hello"],
      prepare: blocked,
      options: { config: ONE_ATTEMPT },
    },
    { about: "no such agent", args: ["send", "Agent-3", "hello"] },
    { about: "no such priority", args: ["send", "Agent-1", "hello", "--priority", "hgih"] },
    { about: "no text", args: ["send", "Agent-1", ""] },
  ],
  broadcast: [
    { about: "delivered to all", args: ["broadcast", "hello"] },
    { about: "queued, and not waited for", args: ["broadcast", "hello", "--no-wait"] },
    { about: "one failed", args: ["broadcast", "hello"], prepare: blocked, options: { config: ONE_ATTEMPT } },
    { about: "no such group", args: ["broadcast", "hello", "--to", "builders"] },
  ],
  "retry-failed": [
    { about: "nothing has failed", args: ["retry-failed"] },
    { about: "one that had failed", args: ["retry-failed"], prepare: failed },
    {
      about: "one that may have been submitted",
      args: (id) => ["retry-failed", "--id", id],
      prepare: unconfirmed,
    },
    { about: "no such message", args: ["retry-failed", "--id", UNKNOWN] },
  ],
  status: [
    { about: "one has failed", args: ["status"], prepare: failed, options: { config: CALM } },
    { about: "the story of one that failed", args: (id) => ["status", id], prepare: failed },
    { about: "the story of one that waits", args: (id) => ["status", id], prepare: waiting },
    { about: "an alert fires", args: ["status", "--check"], prepare: failed },
    { about: "no alert fires", args: ["status", "--check"] },
    { about: "no such message", args: ["status", UNKNOWN] },
  ],
  explain: [
    { about: "an agent that can be reached", args: ["explain", "Agent-1"] },
    {
      about: "an agent whose desktop is missing",
      args: ["explain", "Agent-1"],
      options: { config: { agents: { "Agent-1": WINDOW } }, env: { DISPLAY: "", WAYLAND_DISPLAY: "" } },
    },
    { about: "an error code", args: ["explain", "window_not_found"] },
    { about: "a mistyped error code", args: ["explain", "window_not_fond"] },
  ],
  log: [
    { about: "nothing yet", args: ["log"] },
    {
      about: "a message that arrived, and one that failed",
      args: ["log", "--last", "3"],
      options: { config: ONE_ATTEMPT },
      async prepare(workspace) {
        blocked(workspace);
        for (const agent of ["Agent-1", "Agent-2"]) await workspace.swarm(["send", agent, "hello"]);
        return "";
      },
    },
  ],
  inbox: [
    { about: "nothing", args: ["inbox", "Agent-1"] },
    {
      about: "a message that is not read yet",
      args: ["inbox", "Agent-1"],
      async prepare(workspace) {
        await workspace.swarm(["send", "Agent-1", "hello\nAgent-1", "--priority", "high"]);
        return "";
      },
    },
    { about: "nobody is named", args: ["inbox"], call: { env: { SWARM_AGENT: "" } } },
  ],
  read: [
    { about: "a message", args: (id) => ["read", id], prepare: waiting },
    { about: "no such message", args: ["read", UNKNOWN] },
  ],
  ack: [
    { about: "a message", args: (id) => ["ack", id], prepare: delivered },
    { about: "no such message", args: ["ack", UNKNOWN] },
  ],
  reply: [
    { about: "to an agent", args: (id) => ["reply", id, "done"], prepare: fromAgent },
    { about: "to somebody who is no agent", args: (id) => ["reply", id, "done"], prepare: waiting },
  ],
  cancel: [
    { about: "one that waits", args: (id) => ["cancel", id], prepare: waiting },
    { about: "one that has arrived", args: (id) => ["cancel", id], prepare: delivered },
    {
      about: "all that waits for an agent",
      args: ["cancel", "--agent", "Agent-1", "--all"],
      prepare: waiting,
    },
    { about: "all of nobody", args: ["cancel", "--all"] },
  ],
  purge: [
    { about: "nothing is old", args: ["purge"], prepare: failed },
    { about: "one that is", args: ["purge", "--older-than", "10m", "--yes"], prepare: failed },
    { about: "nobody can be asked", args: ["purge", "--older-than", "10m"], prepare: failed },
  ],
  pause: [
    { about: "one agent", args: ["pause", "Agent-1"] },
    { about: "all", args: ["pause"] },
    { about: "no such agent", args: ["pause", "Agnet-1"] },
  ],
  resume: [
    {
      about: "one that was paused",
      args: ["resume"],
      async prepare(workspace) {
        await workspace.swarm(["pause", "Agent-1"]);
        return "";
      },
    },
    { about: "nobody was paused", args: ["resume"] },
    { about: "one that was not paused", args: ["resume", "Agent-1"] },
  ],
  calibrate: [
    { about: "nobody has a window", args: ["calibrate"] },
    { about: "no terminal", args: ["calibrate", "Agent-1"] },
    { about: "no point", args: ["calibrate", "Agent-1", "--at", "here"] },
  ],
  guide: [
    { about: "for one agent", args: ["guide", "Agent-1"] },
    { about: "for any", args: ["guide"], call: { env: { SWARM_AGENT: "" } } },
  ],
  worker: [
    { about: "nothing waits", args: ["worker", "--drain"] },
    { about: "a message waits", args: ["worker", "--drain"], prepare: waiting },
  ],
  doctor: [{ about: "a new workspace", args: ["doctor", "--fix"], call: { env: { DISPLAY: "" } } }],
  selftest: [{ about: "an option that there is not", args: ["selftest", "--no-windows"] }],
  completion: [
    { about: "a shell", args: ["completion", "fish"] },
    { about: "an unknown shell", args: ["completion", "tcsh"] },
  ],
  config: [
    {
      about: "where each value comes from",
      args: ["config", "show"],
      options: { config: { groups: { all: ["Agent-1"] } }, env: { SWARM_DELIVERY_ATTEMPTS: "5" } },
    },
    {
      about: "what is wrong",
      args: ["config", "show"],
      options: { config: { delivery: { atempts: 3, humanIdle: "soon" } } },
    },
  ],
};

it("has the outputs of every command", () => {
  expect(Object.keys(OUTPUTS).toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(OUTPUTS))("swarm %s", (command, cases) => {
  it("prints for people", async () => {
    const parts: string[] = [];
    for (const each of cases) {
      const { line, code, stdout, stderr } = await run(each, []);
      const told = stderr === "" ? "" : `[standard error]\n${stderr}`;
      const end = stdout === "" || stdout.endsWith("\n") ? "" : "\n";
      parts.push(`# ${each.about}\n$ swarm ${line}\n${stdout}${end}${told}[exit ${code}]\n`);
    }
    await expect(parts.join("\n")).toMatchFileSnapshot(`golden/out-${command}.txt`);
  });

  it("prints with --json", async () => {
    const printed: object[] = [];
    for (const each of cases) {
      const { line, code, stdout } = await run(each, ["--json"]);
      printed.push({
        about: each.about,
        command: `swarm ${line}`,
        exit: code,
        printed: stdout === "" ? null : JSON.parse(stdout),
      });
    }
    const text = `${JSON.stringify(printed, null, 2)}\n`;
    await expect(figuresOut(text)).toMatchFileSnapshot(`golden/out-${command}.json`);
  });
});

/** One run in a workspace of its own, without what differs from run to run. */
async function run({ args, prepare, options, call }: Case, flags: readonly string[]) {
  const workspace = workspaceFor(options);
  const id = (await prepare?.(workspace)) ?? "";
  const line = [...(typeof args === "function" ? args(id) : args), ...flags];
  const { code, stdout, stderr } = await workspace.swarm(line, call);
  const shown = line.map((word) => (/^[\w-]+$/.test(word) ? word : `"${word}"`)).join(" ");
  return {
    line: normal(shown, workspace),
    code,
    stdout: figuresOut(normal(stdout, workspace)),
    stderr: figuresOut(normal(stderr, workspace)),
  };
}

/** Process ids, times and lengths of time in JSON; the version of node. */
function figuresOut(text: string): string {
  return (
    text
      .replace(
        /"(pid|delivery_ms|average_delivery_ms|p95_delivery_ms|median_ms|p95_ms)":( ?)\d+(\.\d+)?/g,
        '"$1":$24711',
      )
      .replace(/"ms":( ?)"\d+"/g, '"ms":$1"4711"')
      .replace(/\d\d-\d\d \d\d:\d\d:\d\d/g, "01-31 12:00:00")
      // As wide as the longest time.
      .replace(/\b(failed) {4,}(?=msg_)/g, "$1            ")
      .replace(/[\d.]+ GiB free/, "74.0 GiB free")
      .replaceAll(process.versions.node, "20.19.0")
  );
}
