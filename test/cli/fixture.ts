/** A workspace for one test of the command, and what makes its output the same each time. */
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";
import { openStore } from "../../src/app/compose.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import type { NewMessage, Spool } from "../../src/ports/store.ts";
import { createWorkspace, type Workspace, type WorkspaceOptions } from "../e2e/workspace.ts";

/** Two agents unless the options say otherwise. Removed after the test, with the programs that it started. */
export function workspaceFor(options: WorkspaceOptions = {}): Workspace {
  const workspace = createWorkspace({ agents: ["Agent-1", "Agent-2"], ...options });
  onTestFinished(() => workspace.remove());
  return workspace;
}

export interface Running {
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
}

/** Starts the command in the workspace; it is ended with the test. */
export function start({ root }: Workspace, ...args: readonly string[]): Running {
  const env = { ...process.env, SWT_WORKSPACE: root };
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "../../bin/swarm.js"), ...args], {
    cwd: root,
    env,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((end) => child.on("close", end));
  return { output: () => output, ended, signal: (name) => void child.kill(name) };
}

/** The workspace's queue, in this process: what is put into it starts no worker. */
export function queueOf({ root }: Workspace): Spool {
  const loaded = loadConfig(root, {});
  if (!loaded.ok) throw new Error("the test's configuration is wrong");
  return openStore(loaded.config);
}

/** A message to Agent-1 that waits, and nobody delivers it; its id. */
export function enqueue(queue: Spool, fields: Partial<NewMessage> = {}): string {
  const message: NewMessage = {
    recipient: "Agent-1",
    sender: "tester",
    priority: "normal",
    body: "a text",
    key: null,
    raw: false,
    display: null,
    expiresAt: null,
    notBefore: null,
    join: false,
    ...fields,
  };
  const result = queue.accept([message], false);
  const id = result.kind === "accepted" ? result.messages[0]?.message.id : undefined;
  if (id === undefined) throw new Error(`not accepted: ${result.kind}`);
  return id;
}

/** The same, after an attempt that ended so. */
export function enqueueEnded(queue: Spool, end: MessageEvent, fields: Partial<NewMessage> = {}): string {
  const id = enqueue(queue, fields);
  const waiting = queue.scan(new Set()).find((candidate) => candidate.id === id);
  if (!waiting || !queue.claim(waiting, { pid: process.pid, at: Date.now() })) throw new Error("not claimed");
  queue.settle(id, end);
  return id;
}

export const SOME_ERROR = {
  code: "window_not_found",
  message: "no window has the title x",
  hint: "open it",
} as const;

/** From now on nothing can be delivered to the agent: a file lies where its inbox should be. */
export function breakInbox({ path }: Workspace, agent: string): void {
  rmSync(path("agent_workspaces", agent, "inbox"), { recursive: true });
  writeFileSync(path("agent_workspaces", agent, "inbox"), "in the way");
}

/** What differs from run to run, replaced. */
export function normal(text: string, { root }: Workspace): string {
  return text
    .replaceAll(root, "/ROOT")
    .replace(/msg_\d{8}_\d{6}_[0-9a-f]{8}/g, "msg_20260131_120000_0a1b2c3d")
    .replace(/bc_\d{8}_\d{6}_[0-9a-f]{8}/g, "bc_20260131_120000_0a1b2c3d")
    .replace(/MESSAGE_\d{8}_\d{6}_/g, "MESSAGE_20260131_120000_")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-01-31T12:00:00.000Z")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "2026-01-31 12:00:00")
    .replace(/\d\d:\d\d:\d\d\.\d{3}/g, "12:00:00.000")
    .replace(/ *(\+?)\b\d+(?:\.\d)? (?:ms|s)\b/g, (all, plus) =>
      plus ? "+7 ms".padStart(all.length) : "  7 ms",
    )
    .replace(/\b(worker|process|pid) \d+/g, "$1 4711");
}
