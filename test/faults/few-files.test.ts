import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { enqueue, queueOf, workspaceFor } from "../cli/fixture.ts";
import { bodyOf } from "../e2e/bodies.ts";
import type { BroadcastJson, SendJson, StatusJson } from "../e2e/json.ts";
import type { Workspace } from "../e2e/workspace.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
/** Node itself takes about 20, and a worker a few more. */
const FILES = 32;
const AGENTS = Array.from({ length: 20 }, (_, index) => `Agent-${index + 1}`);

/** Runs the command where no process may open more files than that. What it prints as JSON. */
async function swarm<T>(workspace: Workspace, ...args: readonly string[]): Promise<T> {
  const child = spawn(
    "sh",
    ["-c", `ulimit -n ${FILES}; exec "$0" "$@"`, process.execPath, COMMAND, ...args, "--json"],
    {
      cwd: workspace.root,
      env: { ...process.env, SWT_WORKSPACE: workspace.root },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = await once(child, "close");
  expect([code, err.replace(/^swarm: (worker|nothing|another|\d+ of) .*\n/gm, "")]).toEqual([0, ""]);
  return JSON.parse(out) as T;
}

describe.runIf(process.platform === "linux")(`where a process may open ${FILES} files`, () => {
  it("messages to all are delivered, and status tells of it", async () => {
    const workspace = workspaceFor({ agents: AGENTS });
    const sent = await swarm<SendJson>(workspace, "send", "Agent-1", "one");
    expect(sent.status).toBe("delivered");
    const { counts } = await swarm<BroadcastJson>(workspace, "broadcast", "to all");
    expect(counts.delivered).toBe(AGENTS.length);
    const status = await swarm<StatusJson>(workspace, "status");
    expect([status.worker.running, status.counts.delivered]).toEqual([true, 1 + AGENTS.length]);
    const files = AGENTS.flatMap((agent) => workspace.inboxFiles(agent));
    expect(files.map((file) => bodyOf(file).toString()).toSorted()).toEqual(
      ["one", ...AGENTS.map(() => "to all")].toSorted(),
    );
  });

  it("a worker delivers all that waits, and ends", async () => {
    const workspace = workspaceFor({ agents: AGENTS });
    const queue = queueOf(workspace);
    for (const recipient of [...AGENTS, ...AGENTS, ...AGENTS]) enqueue(queue, { recipient });
    await swarm(workspace, "worker", "--drain");
    const status = await swarm<StatusJson>(workspace, "status");
    expect(status.counts).toMatchObject({ delivered: 3 * AGENTS.length, queued: 0 });
  });

  it("those who wait for it do not take the files that a worker needs to deliver", async () => {
    const workspace = workspaceFor({ agents: ["Agent-1"] });
    await swarm(workspace, "send", "Agent-1", "starts the worker");
    const waiting: Socket[] = [];
    onTestFinished(() => {
      for (const socket of waiting) socket.destroy();
    });
    for (let count = 0; count < FILES; count += 1) {
      const socket = connect(workspace.path("runtime/queue/worker.sock"));
      socket.on("error", () => undefined);
      waiting.push(socket);
    }
    const sent = await swarm<SendJson>(workspace, "send", "Agent-1", "between them", "--timeout", "20s");
    expect(sent.status).toBe("delivered");
    expect(waiting.some((socket) => !socket.destroyed)).toBe(true);
  });
});
