/** Very many files dropped by other programs: half of them before the worker starts, half while it works. */
import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { Folders } from "../../src/spool/folders.ts";
import { until } from "../desktop-fixture/until.ts";
import type { StatusJson } from "../e2e/json.ts";
import { createWorkspace, type Workspace } from "../e2e/workspace.ts";
import { memoryParent } from "../support/memory-folder.ts";
import { expectEachOnce, namesOf } from "./arrived.ts";
import { startWatched } from "./worker-process.ts";

/** Dropped in one go; then the worker has a moment. */
const AT_ONCE = 50;
const PATIENCE_MS = 600_000;

export async function dropFiles(
  files: number,
): Promise<{ readonly takenIn: number; readonly seconds: number }> {
  const agents = namesOf(4);
  const workspace = createWorkspace({ agents, parent: memoryParent() });
  try {
    const folders = new Folders(workspace.root);
    folders.prepare();
    const bodies = Array.from({ length: files }, (_, i) => `dropped ${i} ä\n`);
    const half = Math.floor(files / 2);
    bodies.slice(0, half).forEach((body, i) => void drop(folders, i, agents, body));
    const startedAt = performance.now();
    const worker = startWatched(workspace);
    for (let at = half; at < files; at += AT_ONCE) {
      bodies
        .slice(at, Math.min(at + AT_ONCE, files))
        .forEach((body, i) => void drop(folders, at + i, agents, body));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until("all have arrived", () => inboxFiles(workspace, agents) >= files, PATIENCE_MS, 50);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expectEachOnce(workspace, agents, bodies);
    for (const folder of ["drop", "tmp", "bad", "new", "active"] as const)
      expect([folder, readdirSync(folders.of(folder))]).toEqual([folder, []]);
    const { counts } = await workspace.json<StatusJson>(["status"]);
    expect(counts).toMatchObject({ delivered: files, queued: 0, delivering: 0, failed: 0, unconfirmed: 0 });
    return { takenIn: files, seconds };
  } finally {
    await workspace.remove();
  }
}

function drop(folders: Folders, number: number, agents: readonly string[], body: string): void {
  const name = `${number}.json`;
  const recipient = agents[number % agents.length];
  writeFileSync(folders.of("tmp", name), JSON.stringify({ recipient, body }), { mode: 0o600 });
  renameSync(folders.of("tmp", name), folders.of("drop", name));
}

function inboxFiles(workspace: Workspace, agents: readonly string[]): number {
  return agents.reduce(
    (sum, agent) => sum + workspace.inboxFiles(agent).filter((file) => file.endsWith(".md")).length,
    0,
  );
}
