/** What is true of a workspace, by its files alone; and the clean worker that comes after a fault. */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { openStore } from "../../src/app/compose.ts";
import { runWorkspaceWorker } from "../../src/app/run-worker.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Spool } from "../../src/ports/store.ts";
import { listings } from "../../src/spool/locate.ts";
import { readMessage } from "../../src/spool/message-file.ts";
import { readOverview } from "../../src/spool/overview.ts";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { bodyOf } from "../e2e/bodies.ts";
import { filesIn, placesOf } from "../spool/everywhere.ts";
import { SpoolWorld } from "../spool/spool-world.ts";

export const AGENTS = ["Agent-1", "Agent-2"] as const;

/** A folder with two agents; `removeRoot` takes it away. */
export function makeRoot(parent = tmpdir()): string {
  const root = mkdtempSync(join(parent, "swf-"));
  for (const agent of AGENTS) mkdirSync(join(root, "agent_workspaces", agent, "inbox"), { recursive: true });
  return root;
}

export function removeRoot(root: string): void {
  removeFolder(root);
}

export function storeOf(root: string): Spool {
  return openStore(configOf(root));
}

function configOf(root: string): Config {
  const loaded = loadConfig(root, {});
  if (!loaded.ok) throw new Error("the test's configuration is wrong");
  return loaded.config;
}

/** For some seconds no sender starts a worker: this process is just starting one. */
export function writeStartNote(root: string): void {
  writeFileSync(join(root, "runtime/queue/worker.starting"), `${process.pid}\n`);
}

/** A worker in this process, with all its real parts, that delivers until nothing waits. */
export async function drainCleanly(root: string): Promise<void> {
  const stop = new AbortController().signal;
  const end = await runWorkspaceWorker({ config: configOf(root), env: {}, mode: "drain", stop });
  expect(end).toBe("idle");
}

/**
 * The messages of the queue that wait or are under way, by their files. Throws where one is not whole. One that goes between
 * the list and the reading is none: a producer beside this one may be taking back what it could not store to the end.
 */
export function waitingIn(root: string): readonly Message[] {
  const { folders } = new SpoolWorld(root);
  return (["new", "active"] as const).flatMap((folder) =>
    [...listings(folders, folder)].flatMap(({ directory, files }) =>
      files.flatMap((file) => {
        const reading = readMessage(join(directory, file), file);
        if (reading.kind === "gone") return [];
        if (reading.kind !== "message") throw new Error(`${folder}/${file} is ${reading.kind}`);
        return reading.stored.message;
      }),
    ),
  );
}

/** Paths of the inbox files of all agents; hidden ones, which are being written, are none. */
export function inboxFiles(root: string): readonly string[] {
  const folder = join(root, "agent_workspaces");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /MESSAGE_[^/]*\.md$/.test(name) && !/\/\.[^/]*$/.test(name))
    .map((name) => join(folder, name));
}

/** What is told to have been delivered has its inbox file, with exactly its body. */
export function expectNoEmptyWords(root: string, accepted: readonly Message[]): void {
  for (const { id, body } of accepted) {
    const state = storeOf(root).find(id)?.state;
    if (!state) throw new Error(`${id} is lost`);
    if (state.status !== "delivered") continue;
    expect(bodyOf(join(root, state.inboxFile ?? "none")).toString()).toBe(body);
  }
}

/** All of these were delivered, each once, and nothing else was. */
export function expectDeliveredOnce(root: string, accepted: readonly Message[]): void {
  const world = new SpoolWorld(root);
  expect(filesIn(world, "bad")).toEqual([]);
  expect(waitingIn(root)).toEqual([]);
  expectNoEmptyWords(root, accepted);
  for (const { id } of accepted) {
    expect([id, storeOf(root).find(id)?.state.status]).toEqual([id, "delivered"]);
    expect(placesOf(world, id)).toHaveLength(1);
  }
  const ids = inboxFiles(root).map((path) => /msg_\w+(?=\.md$)/.exec(path)?.[0]);
  expect(ids.toSorted()).toEqual(accepted.map(({ id }) => id).toSorted());
  expect(readOverview(root, 0).counts.delivered).toBe(accepted.length);
}
