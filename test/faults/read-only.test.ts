import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { enqueue, queueOf, workspaceFor } from "../cli/fixture.ts";
import { until } from "../desktop-fixture/until.ts";
import type { SendJson, StatusJson } from "../e2e/json.ts";
import type { Ended, Workspace } from "../e2e/workspace.ts";

const isRoot = process.getuid?.() === 0;

/** Root may write where modes forbid it, so root makes the file or folder immutable. Undone after the test. */
function makeReadOnly(path: string): () => void {
  const set = (isReadOnly: boolean) => {
    if (isRoot) execFileSync("chattr", [isReadOnly ? "+i" : "-i", path]);
    else chmodSync(path, isReadOnly ? 0o500 : 0o700);
  };
  let isSet = true;
  const undo = () => {
    if (isSet) set(false);
    isSet = false;
  };
  set(true);
  onTestFinished(undo);
  return undo;
}

function refusedToStore({ code, stdout, stderr }: Ended): void {
  expect([code, stdout]).toEqual([75, ""]);
  expect(stderr).toMatch(/nothing was accepted\n {2}hint: \S/);
}

async function deliversOnce(workspace: Workspace, count: number): Promise<void> {
  await workspace.swarm(["retry-failed"]);
  await workspace.swarm(["worker", "--drain"]);
  const { counts } = await workspace.json<StatusJson>(["status"]);
  expect(counts).toMatchObject({ delivered: count, queued: 0, delivering: 0, failed: 0 });
  expect(workspace.inboxFiles("Agent-1")).toHaveLength(count);
}

describe.runIf(process.platform === "linux")("what may not be written", () => {
  it("runtime: nothing is accepted, status can be seen, and it works again when it may be", async () => {
    const workspace = workspaceFor();
    mkdirSync(workspace.path("runtime"), { mode: 0o700 });
    const undo = makeReadOnly(workspace.path("runtime"));
    refusedToStore(await workspace.swarm(["send", "Agent-1", "hello"]));
    refusedToStore(await workspace.swarm(["broadcast", "hello", "--no-wait"]));
    expect((await workspace.swarm(["status"])).code).toBe(0);
    const worker = await workspace.swarm(["worker", "--drain"]);
    expect([worker.code, worker.stderr]).toEqual([75, expect.stringMatching(/^ {2}hint: \S/m)]);
    undo();
    expect((await workspace.swarm(["send", "Agent-1", "hello"])).code).toBe(0);
    await deliversOnce(workspace, 1);
  });

  it.each(["new", "tmp", "ids"])(
    "runtime/queue/%s: nothing is accepted, and nothing is half stored",
    async (name) => {
      const workspace = workspaceFor();
      queueOf(workspace).scan(new Set());
      const undo = makeReadOnly(workspace.path("runtime/queue", name));
      refusedToStore(await workspace.swarm(["send", "Agent-1", "hello", "--no-wait"]));
      refusedToStore(await workspace.swarm(["broadcast", "hello", "--no-wait"]));
      undo();
      expect(queueOf(workspace).scan(new Set())).toEqual([]);
    },
  );

  it.each(["active", "done"])(
    "runtime/queue/%s: what was accepted waits, and is delivered once afterwards",
    async (name) => {
      const workspace = workspaceFor();
      enqueue(queueOf(workspace));
      const undo = makeReadOnly(workspace.path("runtime/queue", name));
      const sent = await workspace.swarm(["send", "Agent-1", "hello", "--timeout", "1500ms"]);
      expect(sent.code).toBe(4);
      await until("the worker says so", () =>
        / (trouble|not_settled) /.test(readFileSync(workspace.path("runtime/worker.log"), "utf8")),
      );
      undo();
      await deliversOnce(workspace, 2);
    },
  );

  it("an inbox: the message fails with the reason, and is delivered once the inbox may be written", async () => {
    const workspace = workspaceFor({ config: { delivery: { attempts: 1 } } });
    const undo = makeReadOnly(workspace.path("agent_workspaces/Agent-1/inbox"));
    const sent = await workspace.json<SendJson>(["send", "Agent-1", "hello"]);
    expect(sent).toMatchObject({ status: "failed", error: { code: "inbox_unwritable" } });
    expect(workspace.inboxFiles("Agent-1")).toEqual([]);
    undo();
    await deliversOnce(workspace, 1);
  });

  it.each(["message_delivery_tracking.json", "worker.log", "archive", "metrics.json"])(
    "runtime/%s: messages are delivered all the same",
    async (name) => {
      const workspace = workspaceFor();
      await workspace.swarm(["send", "Agent-1", "first"]);
      await workspace.swarm(["worker", "--drain"]);
      for (const pid of workspace.processes()) process.kill(pid, "SIGTERM");
      await until("the worker has ended", () => workspace.processes().length === 0);
      const undo = makeReadOnly(workspace.path("runtime", name));
      const sent = await workspace.swarm(["send", "Agent-1", "second"]);
      expect([sent.code, sent.stderr]).toEqual([0, ""]);
      undo();
      await deliversOnce(workspace, 2);
    },
  );
});
