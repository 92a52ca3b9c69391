/**
 * A workspace in which something else lies in the place of a file or folder of ours: what is outside stays as it is,
 * nothing is waited for, and where it can be, messages are delivered.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "vitest";
import { openStore } from "../../src/app/compose.ts";
import { runWorkspaceWorker } from "../../src/app/run-worker.ts";
import type { Config } from "../../src/config/config.ts";
import { Drafts } from "../../src/delivery/drafts.ts";
import { inboxFilePath } from "../../src/delivery/inbox-file.ts";
import { QUEUE_FOLDERS } from "../../src/spool/folders.ts";
import { folderInside } from "../../src/support/folder-inside.ts";
import { isSystemError } from "../../src/support/system-error.ts";
import { type Command, commandIn } from "./command.ts";
import { Fence } from "./fence.ts";
import type { Obstacle } from "./links.ts";
import { watchdog } from "./watchdog.ts";
import { acceptSound, configOf } from "./workspace-parts.ts";

const ID = "msg_20260102_030405_0123abcd";
const MONTH = new Date().toISOString().slice(0, 7);
const KEY_FILE = `${createHash("sha256").update("Agent-1\0k").digest("hex")}.json`;

/** Files that are read or written while messages come and go. Where one is obstructed, messages are delivered all the same. */
export const FILES = [
  "runtime/message_delivery_tracking.json",
  "runtime/message_delivery_tracking.json.tmp",
  "runtime/timing.json",
  `runtime/timing.json.${process.pid}.tmp`,
  "runtime/metrics.json",
  `runtime/metrics.json.${process.pid}.tmp`,
  "runtime/worker.log",
  "runtime/queue/waiting-count",
  "runtime/queue/worker.pipe",
  "runtime/queue/worker.sock",
  `runtime/queue/keys/${KEY_FILE}`,
  `runtime/queue/keys/${KEY_FILE}.tmp`,
  `runtime/queue/acks/${ID}.json`,
  "runtime/queue/drop/dropped.json",
  `runtime/queue/new/1-1767323045678000-${ID}-Agent-1.msg`,
  `runtime/queue/active/1-1767323045678000-${ID}-Agent-1.msg`,
  `runtime/queue/done/1-1767323045678000-${ID}-Agent-1.msg`,
  `runtime/queue/failed/1-1767323045678000-${ID}-Agent-1.msg`,
  "runtime/queue/bad/parked.reason.txt",
  "runtime/queue/bad/dropped.json.reason.txt",
  "runtime/queue/new/bc_20260102_030405_0123abcd",
  `runtime/archive/${MONTH}.ndjson`,
  "runtime/archive/totals.json",
  "runtime/archive/totals.json.tmp",
  `runtime/drafts/${ID}-1.txt`,
  "agent_workspaces/Agent-2",
  "agent_workspaces/Agent-1/inbox/MESSAGE_20260102_030405_msg_20260102_030405_0123abcd.md",
];
export const FOLDERS = [
  "runtime",
  "runtime/queue",
  "runtime/archive",
  "runtime/drafts",
  ...QUEUE_FOLDERS.map((name) => `runtime/queue/${name}`),
];
export const INBOXES = ["agent_workspaces/Agent-1/inbox", "agent_workspaces/Agent-1", "agent_workspaces"];

interface World {
  readonly fence: Fence;
  readonly command: Command;
  readonly config: Config;
}

async function inWorld(run: (world: World) => Promise<void>): Promise<void> {
  const fence = new Fence();
  const dog = watchdog(expect.getState().currentTestName ?? "", 60_000);
  const command = commandIn(fence.root);
  try {
    const config = { agents: { "Agent-1": { transport: "inbox" } }, delivery: { attempts: 1 } };
    writeFileSync(fence.path("swarm.json"), JSON.stringify(config), { mode: 0o600 });
    await run({ fence, command, config: configOf(fence.root) });
  } finally {
    await dog.end();
    command.restore();
    fence.remove();
  }
}

/** All of these places obstructed together: messages are delivered. */
export function deliversBeside(places: readonly string[], put: Obstacle): Promise<void> {
  return inWorld(async (world) => {
    const { fence, config } = world;
    const id = acceptSound(openStore(config));
    for (const place of places) fence.replace(place, (path) => put(path, fence));
    await useAll(world);
    fence.check();
    const stored = openStore(config).find(id);
    expect(stored?.state).toMatchObject({ status: "delivered" });
    expect(readFileSync(fence.path(stored ? inboxFilePath(stored.message) : ""), "utf8")).toMatch(/\nsound$/);
  });
}

/** Without this folder little can be done, and nothing may be done elsewhere. */
export function keepsOut(place: string, put: Obstacle): Promise<void> {
  return inWorld(async (world) => {
    acceptSound(openStore(world.config));
    world.fence.replace(place, (path) => put(path, world.fence));
    await useAll(world);
    world.fence.check();
  });
}

/** The message is delivered within the workspace, or fails and says why. `placeOf` gets the path of its inbox file. */
export function deliversOrTells(placeOf: (file: string) => string, put: Obstacle): Promise<void> {
  return inWorld(async (world) => {
    const { fence, config } = world;
    const store = openStore(config);
    const id = acceptSound(store);
    const message = store.find(id)?.message;
    fence.replace(placeOf(message ? inboxFilePath(message) : ""), (path) => put(path, fence));
    await useAll(world);
    fence.check();
    const { status, error } = openStore(config).find(id)?.state ?? {};
    if (status !== "delivered") expect([status, error?.code]).toEqual(["failed", "inbox_unwritable"]);
  });
}

/** Where a message's inbox file is written first. */
export function temporaryOf(file: string): string {
  return `${file.replace("/MESSAGE", "/.MESSAGE")}.tmp`;
}

/** All that reads or writes there. Whatever can't be done is refused by an error of the system's kind: a command ends with 75 or less. */
async function useAll({ fence, command, config }: World): Promise<void> {
  // As though a worker was just being started: no other is.
  refusing(() => putInside(fence.root, "runtime/queue/worker.starting", `${process.pid}\n`));
  refusing(() => putInside(fence.root, "runtime/queue/drop/dropped.json", "no JSON"));
  await command.run(["send", "Agent-1", "by the command", "--no-wait", "--key", "k"]);
  const stop = new AbortController();
  await runWorkspaceWorker({ config: config, env: {}, mode: "drain", stop: stop.signal }).catch(
    expectRefusal,
  );
  for (const args of [
    ["status"],
    ["status", "--json"],
    ["status", ID],
    ["inbox"],
    ["read", ID],
    ["ack", ID],
    ["cancel", ID],
    ["retry-failed", "--id", ID, "--timeout", "1ms"],
  ])
    await command.run(args);
  const drafts = new Drafts(fence.root);
  refusing(() => drafts.save(ID, "a draft"));
  drafts.read(`runtime/drafts/${ID}-1.txt`);
  const store = openStore(config);
  refusing(() => drafts.sweep(Date.now() + 1e11, () => store.unarchivedIds()));
  refusing(() => store.archiveFinished(100));
  refusing(() => store.sweep());
}

/** As a program would that knows no links; but nothing of the test's own goes outside. */
function putInside(root: string, place: string, text: string): void {
  const folder = folderInside(root, place.split("/").slice(0, -1));
  if (folder !== null) writeFileSync(join(folder, basename(place)), text, { mode: 0o600, flag: "wx" });
}

function refusing(action: () => unknown): void {
  try {
    action();
  } catch (cause) {
    expectRefusal(cause);
  }
}

function expectRefusal(cause: unknown): void {
  if (!isSystemError(cause)) throw cause;
}
