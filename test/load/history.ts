/** A year of finished messages in the archive, as the worker leaves them, and `swarm status` with and without them. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "vitest";
import { messageId } from "../../src/domain/message.ts";
import { replay } from "../../src/domain/status.ts";
import { archiveLine } from "../../src/spool/archive-line.ts";
import { type MonthTotals, monthFile, monthOf, writeTotals } from "../../src/spool/archive-totals.ts";
import { Folders } from "../../src/spool/folders.ts";
import { enqueue, enqueueEnded, queueOf } from "../cli/fixture.ts";
import { aMessage } from "../delivery/messages.ts";
import type { StatusJson } from "../e2e/json.ts";
import { createWorkspace, type Workspace } from "../e2e/workspace.ts";
import { memoryParent } from "../support/memory-folder.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
const MONTHS = 12;
const PAIRS = 15;
const LINES_AT_ONCE = 5000;

export interface Compared {
  readonly archived: number;
  /** Medians of whole processes. */
  readonly fullMs: number;
  readonly emptyMs: number;
}

export async function statusWithHistory(archived: number): Promise<Compared> {
  return comparedWithEmpty({ agents: ["Agent-1"] }, async (full) => {
    makeHistory(full, archived);
    const { counts } = await full.json<StatusJson>(["status"]);
    expect(counts).toMatchObject({ delivered: archived, queued: 0 });
    return archived;
  });
}

const AGENTS = 50;
const HISTORY = 5_000;
/** To each agent but the first. */
const WAITING = 2;

/**
 * A screen full: fifty agents with a history, of which one fails, one waits for an answer, one is paused, and others have messages to
 * come. `look` is given the workspace.
 */
export async function statusOfFiftyAgents(look: (workspace: Workspace) => Promise<void>): Promise<Compared> {
  const agents = Array.from({ length: AGENTS }, (_, i) => `Agent-${i + 1}`);
  return comparedWithEmpty({ agents }, async (full) => {
    makeHistory(full, HISTORY);
    const queue = queueOf(full);
    const at = Date.now() - 400_000;
    const failed = { code: "inbox_unwritable", message: "it can't be written", hint: "make room" } as const;
    for (let i = 0; i < 3; i++)
      enqueueEnded(queue, { type: "failed", at, error: failed }, { recipient: "Agent-7" });
    const dialog = { code: "dialog_in_front", message: "a dialog is in front", hint: "answer it" } as const;
    const again = { type: "handed_back", at, error: dialog, nextAttemptAt: at } as const;
    enqueueEnded(queue, again, { recipient: "Agent-23" });
    for (const recipient of agents.slice(1, 6))
      for (let i = 0; i < WAITING; i++) enqueue(queue, { recipient });
    await full.swarm(["pause", "Agent-6"]);
    await look(full);
    return HISTORY;
  });
}

/** `fill` gives how many archived messages it has made. */
async function comparedWithEmpty(
  options: { readonly agents: readonly string[] },
  fill: (workspace: Workspace) => Promise<number>,
): Promise<Compared> {
  const empty = createWorkspace({ agents: ["Agent-1"], parent: memoryParent() });
  const full = createWorkspace({ ...options, parent: memoryParent() });
  try {
    const archived = await fill(full);
    const [fullMs, emptyMs]: [number[], number[]] = [[], []];
    // By turns, so that what else this machine does slows both.
    for (let pair = 0; pair < PAIRS; pair++) {
      fullMs.push(statusMs(full));
      emptyMs.push(statusMs(empty));
    }
    return { archived, fullMs: median(fullMs), emptyMs: median(emptyMs) };
  } finally {
    await full.remove();
    await empty.remove();
  }
}

function makeHistory({ root }: Workspace, archived: number): void {
  const folders = new Folders(root);
  folders.prepare();
  const totals = new Map<string, MonthTotals>();
  const now = new Date();
  for (let month = MONTHS; month > 0; month--) {
    const count = Math.floor(archived / MONTHS) + (month <= archived % MONTHS ? 1 : 0);
    const at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (month - 1), 1);
    const bytes = writeMonth(monthFile(folders, monthOf(at)), at, count);
    totals.set(monthOf(at), { bytes, delivered: count, cancelled: 0, expired: 0 });
  }
  expect(totals.size).toBe(MONTHS);
  writeTotals(folders, totals);
}

/** Lines like those of real messages, but for their ids all the same; the file's length. */
function writeMonth(path: string, at: number, count: number): number {
  const id = messageId(at, "00000000");
  const line = lineOf(id, at);
  const fd = openSync(path, "w", 0o600);
  let bytes = 0;
  try {
    for (let start = 0; start < count; start += LINES_AT_ONCE) {
      const lines = Array.from({ length: Math.min(LINES_AT_ONCE, count - start) }, (_, i) =>
        line.replaceAll(id, `${id.slice(0, -8)}${(start + i).toString(16).padStart(8, "0")}`),
      );
      bytes += writeSync(fd, lines.join(""));
    }
  } finally {
    closeSync(fd);
  }
  expect(bytes).toBe(line.length * count);
  return bytes;
}

function lineOf(id: string, at: number): string {
  const body = "please rebase, run the tests, and tell Captain what you found. ".repeat(3);
  const message = aMessage({ id, body, acceptedAt: at });
  const events = [
    { type: "claimed", at: at + 5, attempt: 1, pid: 1 },
    { type: "inbox_file", at: at + 7, file: `agent_workspaces/Agent-1/inbox/${id}.md` },
    { type: "delivered", at: at + 9 },
  ] as const;
  return archiveLine({ message, events, state: replay(at, events) });
}

function statusMs({ root }: Workspace): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, "status"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}
