import { rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import {
  breakInbox,
  enqueue,
  enqueueEnded,
  normal,
  queueOf,
  SOME_ERROR,
  start,
  workspaceFor,
} from "./fixture.ts";

const NEVER_SO_OLD = { alerts: { failedFor: "90d", failureRate: 1, retryRate: 1 } };

describe("status", () => {
  it("of a workspace where nothing ever happened is one short screen", async () => {
    const workspace = workspaceFor();
    const { code, stdout, stderr } = await workspace.swarm(["status"]);
    await expect(normal(stdout, workspace)).toMatchFileSnapshot("golden/status-empty.txt");
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("shows what needs somebody on one screen", async () => {
    const workspace = workspaceFor({ config: { alerts: { failedFor: "5m", failureRate: 1 } } });
    const queue = queueOf(workspace);
    const at = Date.now() - 720_000;
    enqueueEnded(queue, { type: "failed", at, error: SOME_ERROR });
    enqueueEnded(queue, { type: "unconfirmed", at, error: SOME_ERROR }, { recipient: "Agent-2" });
    enqueue(queue, { priority: "urgent" });
    enqueue(queue, { recipient: "Gone" });
    writeFileSync(workspace.path("runtime", "queue", "bad", "x.json"), "{");
    writeFileSync(
      workspace.path("runtime", "queue", "bad", "x.json.reason.txt"),
      "x.json\nIt is not JSON.\n",
    );
    const { stdout } = await workspace.swarm(["status"]);
    await expect(normal(stdout, workspace)).toMatchFileSnapshot("golden/status-busy.txt");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("is told as the documented JSON", async () => {
    const workspace = workspaceFor({ config: NEVER_SO_OLD });
    const queue = queueOf(workspace);
    const failed = enqueueEnded(queue, { type: "failed", at: Date.now(), error: SOME_ERROR });
    const waiting = enqueue(queue, { recipient: "Agent-2" });
    const status = await workspace.json<Record<string, unknown>>(["status"]);
    expect(Object.keys(status).slice(0, 7)).toEqual([
      "schema",
      "as_of",
      "worker",
      "counts",
      "agents",
      "metrics",
      "alerts",
    ]);
    expect(status).toMatchObject({
      schema: 1,
      as_of: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      worker: { running: false, pid: null },
      counts: { queued: 1, delivering: 0, delivered: 0, failed: 1, unconfirmed: 0, cancelled: 0, expired: 0 },
      agents: {
        "Agent-1": { transport: "inbox", queued: 0, delivering: 0, failed: 1, unconfirmed: 0 },
        "Agent-2": { transport: "inbox", queued: 1, delivering: 0, failed: 0, unconfirmed: 0 },
      },
      metrics: {
        success_rate: null,
        average_delivery_ms: null,
        p95_delivery_ms: null,
        retry_rate: null,
        recovery_rate: null,
        lock_wait_p95_ms: null,
      },
      alerts: [],
      messages: [
        { id: failed, status: "failed", error: SOME_ERROR },
        { id: waiting, status: "queued", error: null },
      ],
    });
  });

  it("knows the running worker", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-1", "x"]);
    const pid = await workspace.workerPid();
    expect(workspace.processes()).toContain(pid);
    expect((await workspace.swarm(["status"])).stdout).toContain(`\nworker ${pid} runs\n`);
  });

  it("opens few of many messages", async () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    for (let count = 0; count < 60; count += 1) enqueue(queue);
    const { counts, messages } = await workspace.json<{ counts: { queued: number }; messages: unknown[] }>([
      "status",
    ]);
    expect(counts.queued).toBe(60);
    expect(messages).toHaveLength(20);
    expect((await workspace.swarm(["status"])).stdout.split("\n").length).toBeLessThan(24);
  });

  it("goes on where tracker, metrics and delays are damaged", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-1", "x"]);
    for (const file of ["timing.json", "metrics.json", "message_delivery_tracking.json"]) {
      writeFileSync(workspace.path("runtime", file), '{"steps": 3, [');
    }
    expect((await workspace.swarm(["status"])).code).toBe(0);
  });
});

describe("status ID", () => {
  it("tells everything about one message", async () => {
    const workspace = workspaceFor();
    const { id } = await workspace.json<{ id: string }>([
      "send",
      "Agent-1",
      "hello",
      "--key",
      "k",
      "--priority",
      "high",
    ]);
    await workspace.swarm(["ack", id, "--from", "Agent-1"]);
    const { code, stdout } = await workspace.swarm(["status", id]);
    await expect(normal(stdout, workspace)).toMatchFileSnapshot("golden/status-id.txt");
    expect(code).toBe(0);
  });

  it("ends with what a message that waits is waiting for", async () => {
    const workspace = workspaceFor({ config: { delivery: { backoff: { initial: "30s", max: "30s" } } } });
    breakInbox(workspace, "Agent-1");
    await workspace.swarm(["pause", "Agent-2", "--from", "Captain"]);
    const send = async (agent: string) =>
      (await workspace.json<{ id: string }>(["send", agent, "x", "--no-wait"])).id;
    const [first, second, paused] = [await send("Agent-1"), await send("Agent-1"), await send("Agent-2")];
    const last = async (id: string) => (await workspace.swarm(["status", id])).stdout.split("\n  now: ")[1];
    await until("the first has been tried", async () =>
      (await last(first))?.startsWith("waits for the next"),
    );
    expect(await last(first)).toMatch(
      /^waits for the next attempt, in [\d.]+ s \(.*\d\d:\d\d:\d\d\.\d{3}\)\n$/,
    );
    expect(await last(second)).toBe(`waits for 1 message before it, next ${first}\n`);
    expect(await last(paused)).toBe("paused by Captain; goes on after: swarm resume\n");
    workspace.writeConfig({ agents: { Other: { transport: "inbox" } } });
    rmSync(workspace.path("agent_workspaces", "Agent-2"), { recursive: true });
    expect(await last(paused)).toMatch(/^Agent-2 is no longer in the configuration; put it back, or:/);
  });

  it("has the history in its JSON", async () => {
    const workspace = workspaceFor();
    const id = enqueueEnded(queueOf(workspace), { type: "failed", at: Date.now(), error: SOME_ERROR });
    const details = await workspace.json<{ events: { type: string }[] }>(["status", id]);
    expect(details).toMatchObject({ schema: 1, id, status: "failed", key: null, raw: false, body_bytes: 6 });
    expect(details.events).toMatchObject([
      { type: "claimed", attempt: 1, pid: process.pid },
      { type: "failed", error: SOME_ERROR },
    ]);
  });

  it("of an unknown message names the nearest with 3", async () => {
    const workspace = workspaceFor();
    const id = enqueue(queueOf(workspace));
    const near = `${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}`;
    const { code, stderr } = await workspace.swarm(["status", near]);
    expect(stderr).toContain(
      `there is no message "${near}" in ${workspace.root}\n  hint: did you mean ${id}?`,
    );
    expect(code).toBe(3);
  });
});

describe("status --check", () => {
  it("exits with 0 while no alert fires", async () => {
    const { code, stdout } = await workspaceFor().swarm(["status", "--check"]);
    expect(stdout).toBe("no alert fires\n");
    expect(code).toBe(0);
  });

  it("exits with 7 when one does, and prints alerts only", async () => {
    const workspace = workspaceFor();
    enqueueEnded(queueOf(workspace), { type: "failed", at: Date.now() - 400_000, error: SOME_ERROR });
    const { code, stdout } = await workspace.swarm(["status", "--check"]);
    expect(stdout).toMatch(/^failed_for: .+\n$/);
    expect(code).toBe(7);
    expect(await workspace.json(["status", "--check"])).toMatchObject({ alerts: [{ code: "failed_for" }] });
  });
});

describe("status --prometheus", () => {
  it("prints figures as Prometheus takes them", async () => {
    const workspace = workspaceFor();
    enqueueEnded(queueOf(workspace), { type: "failed", at: Date.now() - 400_000, error: SOME_ERROR });
    enqueue(queueOf(workspace), { recipient: "Agent-2" });
    const { code, stdout, stderr } = await workspace.swarm(["status", "--prometheus"]);
    expect([code, stderr]).toEqual([0, ""]);
    // Of the text format: a help, a type, and samples with quoted labels; the last line ends.
    const line =
      /^(# HELP swarm_\w+ .+|# TYPE swarm_\w+ gauge|swarm_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? \S+)?$/;
    expect(stdout.split("\n").filter((text) => !line.test(text))).toEqual([]);
    expect(stdout.endsWith("\n")).toBe(true);
    for (const sample of [
      'swarm_messages{status="queued"} 1',
      'swarm_messages{status="failed"} 1',
      'swarm_agent_messages{agent="Agent-1",status="failed"} 1',
      'swarm_agent_messages{agent="Agent-1",status="queued"} 0',
      'swarm_alert{code="failed_for"} 1',
      'swarm_alert{code="retry_rate"} 0',
      "swarm_worker_running 0",
    ])
      expect(stdout.split("\n")).toContain(sample);
    expect(Number(/^swarm_oldest_failed_seconds (.*)$/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(400);
    expect(stdout).not.toContain("swarm_success_ratio");
  });
});

describe("status --watch", () => {
  it("shows each change until it is interrupted", async () => {
    const workspace = workspaceFor();
    const queue = queueOf(workspace);
    enqueue(queue);
    const watching = start(workspace, "status", "--watch", "--json");
    const last = () => JSON.parse(watching.output().trim().split("\n").at(-1) || "{}").counts?.queued;
    await until("the first state is shown", () => last() === 1);
    enqueue(queue);
    await until("the change is shown", () => last() === 2);
    watching.signal("SIGINT");
    expect(await watching.ended).toBe(0);
  });

  it("excludes --check", async () => {
    expect((await workspaceFor().swarm(["status", "--watch", "--check"])).code).toBe(2);
  });
});
