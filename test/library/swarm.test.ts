/** The library in this process, held against what the command prints. */
import { writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Note, Refused, Sent, Swarm, SwarmOptions } from "../../src/library/index.ts";
import { isRefused, openSwarm } from "../../src/library/index.ts";
import { breakInbox, enqueueEnded, queueOf, SOME_ERROR, workspaceFor } from "../cli/fixture.ts";
import { checkOutput } from "../e2e/output-schema.ts";
import type { Workspace } from "../e2e/workspace.ts";

const UNKNOWN = "msg_20200101_000000_00000000";

/** With the mark by which the workspace finds what was started for it; so the worker must get this environment. */
function swarmOf({ root }: Workspace, options: SwarmOptions = {}): Swarm {
  const env = { SWARM_AGENT: "tester", SWT_WORKSPACE: root, ...options.env };
  const swarm = openSwarm({ root, ...options, env });
  onTestFinished(() => swarm.close());
  return swarm;
}

function notRefused<T extends object>(answer: T | Refused): T {
  if (isRefused(answer)) throw new Error(`refused: ${answer.error.message}`);
  return answer;
}

describe("what the library answers", () => {
  it("of send is what the command prints, and delivered", async () => {
    const workspace = workspaceFor();
    const sent = await swarmOf(workspace).send("Agent-1", "hello", { key: "k", priority: "high" });
    expect(sent).toMatchObject({
      status: "delivered",
      sender: "tester",
      priority: "high",
      evidence: ["inbox_file"],
    });
    expect(await workspace.json(["send", "Agent-1", "hello", "--key", "k"])).toEqual(sent);
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(1);
  });

  it("of broadcast is what the command prints", async () => {
    const workspace = workspaceFor();
    const sent = await swarmOf(workspace).broadcast("hello", { key: "k", except: ["Agent-2"], raw: true });
    expect(sent).toMatchObject({ counts: { delivered: 1, queued: 0 }, messages: [{ recipient: "Agent-1" }] });
    const args = ["broadcast", "hello", "--key", "k", "--to", "Agent-1"];
    expect(await workspace.json(args)).toEqual(sent);
  });

  it("of a message for later is its queued state; where it is waited for, the time counts from then", async () => {
    const workspace = workspaceFor();
    const swarm = swarmOf(workspace);
    const later = notRefused(await swarm.send("Agent-1", "x", { in: "2h", join: true }));
    expect(later.status).toBe("queued");
    expect(await swarm.message(later.id)).toMatchObject({ join: true, not_before: expect.any(String) });
    const soon = await swarm.send("Agent-2", "x", { in: "1200ms", wait: true, timeoutMs: 1_000 });
    expect(soon).toMatchObject({ status: "delivered" });
    const all = notRefused(await swarm.broadcast("x", { stagger: "1h", wait: false }));
    const starts = await Promise.all(
      all.messages.map(async ({ id }) => notRefused(await swarm.message(id)).not_before),
    );
    expect(starts).toEqual([null, expect.any(String)]);
    for (const options of [
      { at: "noon" },
      { at: "2020-01-01T00:00" },
      { at: "12:00", in: "1h" },
      { in: "soon" },
    ]) {
      const refused = await swarm.send("Agent-1", "x", options);
      expect(refused).toMatchObject({
        error: { code: "usage", message: expect.stringMatching(/^(at|in) .*; nothing was queued$/) },
      });
    }
  });

  it("of message, inbox, status, cancel and retryFailed is what the commands print", async () => {
    const workspace = workspaceFor();
    const swarm = swarmOf(workspace);
    // Before any worker runs: only its own process may claim.
    const failed = enqueueEnded(queueOf(workspace), { type: "failed", at: Date.now(), error: SOME_ERROR });
    const { id } = notRefused(await swarm.send("Agent-1", "hello"));
    const waiting = (await workspace.json<Sent>(["send", "Agent-2", "x", "--no-wait"])).id;
    notRefused(await swarm.wait(waiting));
    expect(await swarm.message(id)).toEqual(await workspace.json(["status", id]));
    expect(await swarm.inbox("Agent-1")).toEqual(await workspace.json(["inbox", "Agent-1"]));
    expect(await swarm.inbox("Agent-1", { unread: true })).toMatchObject({
      messages: [{ id, unread: true }],
    });
    const { as_of: at, ...status } = notRefused(await swarm.status());
    const { as_of: _, ...printed } = await workspace.json<{ as_of: string }>(["status"]);
    expect(status).toEqual(printed);
    expect(Date.parse(at)).toBeGreaterThan(Date.now() - 60_000);
    expect(await swarm.cancel(id)).toMatchObject({ id, status: "delivered" });
    const retried = await swarm.retryFailed({ agent: "Agent-1" });
    expect(() => checkOutput(["retry-failed"], retried)).not.toThrow();
    expect(retried).toMatchObject({ counts: { delivered: 1 }, messages: [{ id: failed }] });
    expect(await swarm.retryFailed()).toEqual(await workspace.json(["retry-failed"]));
  });

  it("of a message that still waits is that it is taken back", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["pause"]);
    const swarm = swarmOf(workspace);
    const { id, status } = notRefused(await swarm.send("Agent-1", "x", { wait: false }));
    expect(status).toBe("queued");
    const cancelled = await swarm.cancel(id);
    expect(cancelled).toMatchObject({ id, status: "cancelled" });
    expect(() => checkOutput(["cancel"], cancelled)).not.toThrow();
  });
});

describe("what can't be done", () => {
  it.each([
    ["an unknown agent", "Agent-11", "x", ["send", "Agent-11", "x"]],
    ["a group", "both", "x", ["send", "both", "x"]],
    ["a text that is too long", "Agent-1", "x".repeat(101), ["send", "Agent-1", "x".repeat(101)]],
  ] as const)("is a value, as the command prints it: %s", async (_, agent, text, args) => {
    const workspace = workspaceFor({
      config: { groups: { both: ["Agent-1"] }, delivery: { maxBytes: 100 } },
    });
    const refused = await swarmOf(workspace).send(agent, text);
    expect(isRefused(refused)).toBe(true);
    expect(refused).toEqual(await workspace.json(args));
  });

  it("has every problem of a wrong configuration", async () => {
    const workspace = workspaceFor({ config: { agnets: {}, delivery: { attempts: "3" } } });
    const refused = await swarmOf(workspace).status();
    expect(refused).toEqual(await workspace.json(["status"]));
    expect(refused).toMatchObject({ error: { code: "configuration", problems: [{}, {}] } });
  });

  it("is told of ids that nothing has, folders that are no workspace, and an empty text", async () => {
    const workspace = workspaceFor();
    const swarm = swarmOf(workspace);
    const codes = [
      await swarm.wait(UNKNOWN),
      await swarm.message(UNKNOWN),
      await swarm.cancel("../../etc/passwd"),
      await swarm.inbox("Agent-9"),
      await swarm.retryFailed({ id: UNKNOWN }),
      await openSwarm({ root: workspace.path("nowhere") }).status(),
      await swarm.send("Agent-1", " \n"),
      await swarm.send("Agent-1", "x", { key: "" }),
      await swarm.send("Agent-1", "x", { expires: "soon" }),
    ].map((answer) => (isRefused(answer) ? answer.error.code : answer));
    expect(codes).toEqual([...Array(5).fill("unknown_name"), ...Array(4).fill("usage")]);
  });

  it("is told where a program without types gives what makes no sense, with what was meant", async () => {
    const workspace = workspaceFor();
    const swarm = swarmOf(workspace);
    const hints = [
      await swarm.send("Agent-1", "x", { timeout: 5 } as object),
      await swarm.send("Agent-1", "x", { priority: "hgih" } as object),
      await swarm.send("Agent-1", "x", { timeoutMs: "5s" } as object),
      await swarm.send("Agent-1", "x", { signal: {} } as object),
      await swarm.send("Agent-1", 5 as unknown as string),
      await swarm.broadcast("x", { to: "Agent-1" } as object),
      await openSwarm({ rot: workspace.root, root: workspace.root } as object).status(),
    ].map((answer) => (isRefused(answer) ? answer.error.hint : answer));
    expect(hints).toEqual([
      expect.stringContaining("did you mean timeoutMs?"),
      expect.stringContaining("did you mean high?"),
      "it must be a number of milliseconds from 0 on",
      "it must be an AbortSignal",
      "give the text as a string",
      "it must be an array of strings",
      expect.stringContaining("did you mean root?"),
    ]);
    expect(workspace.inboxFiles("Agent-1")).toEqual([]);
  });

  it("is told where nothing can be stored", async () => {
    const workspace = workspaceFor();
    writeFileSync(workspace.path("runtime"), "a file in the place of the folder");
    expect(await swarmOf(workspace).send("Agent-1", "x")).toMatchObject({ error: { code: "not_stored" } });
  });
});

describe("waiting in a program", () => {
  const SLOW = { delivery: { backoff: { initial: "30s", max: "30s" } } };

  it("ends when the time is over; the message stays queued, and its outcome can be waited for later", async () => {
    const workspace = workspaceFor({ config: SLOW });
    await workspace.swarm(["pause"]);
    const swarm = swarmOf(workspace);
    const { id, status } = notRefused(await swarm.send("Agent-1", "x", { timeoutMs: 50 }));
    expect(status).toBe("queued");
    const waiting = swarm.wait(id);
    await workspace.swarm(["resume"]);
    expect(await waiting).toMatchObject({ id, status: "delivered" });
    expect(await swarm.wait(id)).toEqual(await waiting);
  });

  it("ends when the signal is aborted, and begins nothing when it was before", async () => {
    const workspace = workspaceFor({ config: SLOW });
    breakInbox(workspace, "Agent-1");
    const swarm = swarmOf(workspace);
    const abort = new AbortController();
    const sending = swarm.send("Agent-1", "x", { signal: abort.signal });
    abort.abort();
    const { id, status } = notRefused(await sending);
    expect(status).toMatch(/queued|delivering/);
    const late = await swarm.send("Agent-1", "x", { signal: abort.signal });
    expect(late).toMatchObject({ error: { code: "interrupted" } });
    const { messages } = notRefused(await swarm.status());
    expect(messages.map((message) => message.id)).toEqual([id]);
  });

  it("ends when the library is closed, which takes no more calls", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["pause"]);
    const swarm = swarmOf(workspace);
    const sending = swarm.send("Agent-1", "x");
    await swarm.close();
    expect(await sending).toMatchObject({ status: "queued" });
    expect(await swarm.send("Agent-1", "x")).toMatchObject({ error: { code: "usage" } });
    expect(await swarm.status()).toMatchObject({ error: { message: expect.stringContaining("closed") } });
  });

  it("of fifty at once with one signal delivers all, warns of nothing, and touches no signal of the process", async () => {
    const workspace = workspaceFor();
    const swarm = swarmOf(workspace);
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => void warnings.push(message);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const { signal } = new AbortController();
    const listeners = () => ["SIGINT", "SIGTERM", "exit"].map((name) => process.listenerCount(name));
    const before = listeners();
    const sending = Array.from({ length: 50 }, (_, i) => swarm.send("Agent-1", `text ${i}`, { signal }));
    expect(listeners()).toEqual(before);
    const statuses = (await Promise.all(sending)).map((sent) => notRefused(sent).status);
    expect(new Set(statuses)).toEqual(new Set(["delivered"]));
    expect(workspace.inboxFiles("Agent-1")).toHaveLength(50);
    expect(warnings).toEqual([]);
  });
});

it("tells a program what commands say beside the result", async () => {
  const workspace = workspaceFor();
  const notes: Note[] = [];
  const swarm = swarmOf(workspace, { onNote: (note) => void notes.push(note) });
  const sent = notRefused(await swarm.send("Agent-1", "a\u0007b", { key: "k" }));
  await swarm.send("Agent-1", "ab", { key: "k" });
  await workspace.swarm(["pause", "Agent-2"]);
  await swarm.broadcast("x", { wait: false });
  expect(notes).toEqual([
    { kind: "warning", text: "1 control character or sequence was removed from the text" },
    { kind: "note", text: `the key was used before; this is the outcome of ${sent.id}` },
    { kind: "note", text: "paused: Agent-2; messages wait until: swarm resume" },
  ]);
});

it("reads the configuration for each call, and variables of its own before those of the process", async () => {
  const workspace = workspaceFor();
  const swarm = swarmOf(workspace, { env: { SWARM_AGENT: "Captain", SWARM_DELIVERY_MAX_BYTES: "3" } });
  expect(await swarm.send("Agent-1", "abcd")).toMatchObject({ error: { code: "usage" } });
  expect(await swarm.send("Agent-1", "abc")).toMatchObject({ status: "delivered", sender: "Captain" });
  // By a variable of its own it is found among all processes: the worker got it too.
  expect(workspace.processes()).toContain(await workspace.workerPid());
  workspace.writeConfig({ agents: { New: { transport: "inbox" } } });
  expect(await swarm.send("New", "abc")).toMatchObject({ status: "delivered" });
});
