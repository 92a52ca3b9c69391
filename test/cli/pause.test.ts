import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { until } from "../desktop-fixture/until.ts";
import type { Workspace } from "../e2e/workspace.ts";
import { enqueue, queueOf, workspaceFor } from "./fixture.ts";

const statusOf = async (workspace: Workspace, id: string) =>
  (await workspace.json<{ status: string }>(["status", id])).status;

describe("pause and resume", () => {
  it("hold back what is sent to an agent, and let it go on in order", async () => {
    const workspace = workspaceFor();
    const paused = await workspace.swarm(["pause", "Agent-1", "--from", "Captain"]);
    expect(paused.stdout).toBe("paused: Agent-1; go on with: swarm resume Agent-1\n");
    expect(statSync(workspace.path("runtime", "paused", "Agent-1.json")).mode & 0o777).toBe(0o600);
    const sent = await workspace.swarm(["send", "Agent-1", "one", "--timeout", "1s"]);
    expect(sent.code).toBe(4);
    expect(sent.stderr).toContain("swarm: paused: Agent-1; messages wait until: swarm resume\n");
    const second = await workspace.json<{ id: string }>(["send", "Agent-1", "two", "--no-wait"]);
    expect(await workspace.json(["send", "Agent-2", "x"])).toMatchObject({ status: "delivered" });
    expect(workspace.inboxFiles("Agent-1")).toEqual([]);
    expect((await workspace.swarm(["status"])).stdout).toMatch(/^Agent-1 +inbox +paused: .* 2$/m);
    const explained = await workspace.swarm(["explain", "Agent-1"]);
    expect(explained.code).toBe(1);
    expect(explained.stdout).toContain("paused by Captain; go on with: swarm resume\n");

    expect((await workspace.swarm(["resume"])).stdout).toBe("resumed: Agent-1\n");
    await until("both are delivered", async () => (await statusOf(workspace, second.id)) === "delivered");
    const bodies = await Promise.all(
      (await workspace.json<{ messages: { id: string }[] }>(["inbox", "Agent-1"])).messages.map(
        async ({ id }) => (await workspace.swarm(["read", id])).stdout,
      ),
    );
    expect(bodies).toEqual(["two", "one"]);
    expect(readdirSync(workspace.path("runtime", "paused"))).toEqual([]);
  });

  it("of all holds back also agents that come, until all are resumed", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["pause"]);
    await workspace.swarm(["pause", "Agent-1"]);
    const { id } = await workspace.json<{ id: string }>(["send", "Agent-1", "x", "--no-wait"]);
    const drained = await workspace.swarm(["worker", "--drain"]);
    expect(drained.code).toBe(0);
    expect(await statusOf(workspace, id)).toBe("queued");
    const named = await workspace.swarm(["resume", "Agent-1"]);
    expect(named.stdout).toBe("resumed: Agent-1\n");
    expect(named.stderr).toBe("swarm: all agents are still paused; go on with: swarm resume\n");
    expect(await statusOf(workspace, id)).toBe("queued");
    expect(await workspace.json(["resume"])).toMatchObject({ all: true, agents: [] });
    await until("it is delivered", async () => (await statusOf(workspace, id)) === "delivered");
    expect((await workspace.swarm(["resume"])).stderr).toBe("swarm: nobody was paused\n");
  });

  it("stay as they were where it is said twice, or a file is damaged; other files there mean nothing", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["pause", "Agent-1", "--from", "first"]);
    await workspace.swarm(["pause", "Agent-1", "--from", "second"]);
    expect(await workspace.json(["explain", "Agent-1"])).toMatchObject({
      ready: false,
      paused: { by: "first" },
    });
    writeFileSync(workspace.path("runtime", "paused", "Agent-2.json"), "{");
    writeFileSync(workspace.path("runtime", "paused", "..x.json"), "{}");
    writeFileSync(workspace.path("runtime", "paused", "Agent-1.json.7.tmp"), "{}");
    expect(await workspace.json(["explain", "Agent-2"])).toMatchObject({ paused: { by: "", since: null } });
    expect((await workspace.json<{ agents: object }>(["resume"])).agents).toEqual(["Agent-1", "Agent-2"]);
    expect((await workspace.swarm(["pause", "Agent-11"])).code).toBe(3);
  });

  it.each([
    ["and no worker runs", false],
    ["beside a worker that runs", true],
  ])("let `worker --drain` end where only paused messages wait, %s", async (_, isRunning) => {
    const workspace = workspaceFor();
    if (isRunning) await workspace.swarm(["send", "Agent-2", "x"]);
    await workspace.swarm(["pause", "Agent-1"]);
    const id = enqueue(queueOf(workspace));
    expect((await workspace.swarm(["worker", "--drain"])).code).toBe(0);
    expect(await statusOf(workspace, id)).toBe("queued");
  });

  it("that can't be read keep nobody from sending, and say that nothing was accepted of nothing that was", async () => {
    const workspace = workspaceFor();
    mkdirSync(workspace.path("runtime"), { recursive: true });
    symlinkSync("/tmp", workspace.path("runtime", "paused"));
    const sent = await workspace.swarm(["send", "Agent-1", "x"]);
    expect([sent.code, sent.stderr]).toEqual([
      0,
      "swarm: it can't be told who is paused: it leads out of the workspace, to /tmp\n",
    ]);
    expect(sent.stdout).toContain("delivered to Agent-1");
  });

  it("are seen by a worker that runs", async () => {
    const workspace = workspaceFor();
    await workspace.swarm(["send", "Agent-1", "x"]);
    const worker = await workspace.workerPid();
    await workspace.swarm(["pause", "Agent-1"]);
    const id = enqueue(queueOf(workspace));
    await workspace.swarm(["send", "Agent-2", "x"]);
    expect(await statusOf(workspace, id)).toBe("queued");
    await workspace.swarm(["resume", "Agent-1"]);
    await until("it is delivered", async () => (await statusOf(workspace, id)) === "delivered", 5_000);
    expect(await workspace.workerPid()).toBe(worker);
  });
});
