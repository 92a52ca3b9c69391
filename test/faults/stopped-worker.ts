/** A worker that is stopped in the middle of its work, as by Ctrl+Z or a debugger, and continued later. */
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import { endWorker, logged, swarm } from "../app/background.ts";
import { until } from "../desktop-fixture/until.ts";
import { expectDeliveredOnce, inboxFiles, makeRoot, removeRoot, storeOf } from "./spool-facts.ts";
import { acceptSome, expectOneAtWork } from "./two-workers.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
const MESSAGES = 200;
/** What was under way in the kernel when the signal came. */
const SETTLE_MS = 300;

/**
 * Stops a worker with much to do for `stopMs`, while a second worker waits and somebody sends; then continues it. Gives
 * how many messages had been delivered when it was stopped.
 */
export async function stopAndContinue(stopMs: number): Promise<number> {
  const root = makeRoot();
  const workers: ChildProcess[] = [];
  const startWorker = () => {
    const child = spawn(process.execPath, [COMMAND, "worker", "--root", root], { stdio: "ignore" });
    workers.push(child);
    return child;
  };
  try {
    const accepted = [...acceptSome(root, MESSAGES)];
    const first = startWorker();
    await until("it delivers", () => inboxFiles(root).length > 5, 30_000, 1);
    first.kill("SIGSTOP");
    await delay(SETTLE_MS);
    const before = inboxFiles(root).length;
    expect(before).toBeLessThan(MESSAGES);
    const stopped = performance.now();
    startWorker();
    const sent = await swarm(root, ["send", "Agent-1", "while it is stopped", "--timeout", "1s", "--json"]);
    expect(sent.code).toBe(4);
    accepted.push(messageOf(root, sent.stdout));
    await delay(Math.max(0, stopMs - (performance.now() - stopped)));
    expect([inboxFiles(root).length, logged(root, "started").length]).toEqual([before, 1]);
    first.kill("SIGCONT");
    await until("all is delivered", () => inboxFiles(root).length === accepted.length, 60_000);
    await takeOver(root, first, accepted);
    return before;
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
    await Promise.all(workers.map(hasEnded));
    await endWorker(root, "SIGKILL");
    removeRoot(root);
  }
}

/** The first ends, the second takes over and delivers what comes then. */
async function takeOver(root: string, first: ChildProcess, accepted: Message[]): Promise<void> {
  first.kill("SIGTERM");
  await hasEnded(first);
  await until("another one works", () => logged(root, "started").length === 2, 30_000);
  const sent = await swarm(root, ["send", "Agent-2", "afterwards", "--json"]);
  expect(sent.code).toBe(0);
  accepted.push(messageOf(root, sent.stdout));
  await endWorker(root, "SIGTERM");
  expectDeliveredOnce(root, accepted);
  expectOneAtWork(root, accepted);
}

function messageOf(root: string, json: string): Message {
  const message = storeOf(root).find(JSON.parse(json).id)?.message;
  if (!message) throw new Error(`not stored: ${json}`);
  return message;
}

async function hasEnded(child: ChildProcess): Promise<void> {
  await until("it has ended", () => child.exitCode !== null || child.signalCode !== null, 30_000);
}
