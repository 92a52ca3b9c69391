/** Workers of one workspace that are started at the same moment: one works at a time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import { swarm } from "../app/background.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { AGENTS, expectDeliveredOnce, makeRoot, removeRoot, storeOf } from "./spool-facts.ts";

const MESSAGES = 4;

/** Gives in how many rounds both had a time in which they might have worked. */
export async function startTwoWorkers(rounds: number): Promise<number> {
  let bothCame = 0;
  for (let round = 0; round < rounds; round += 1) {
    const root = makeRoot();
    try {
      const accepted = acceptSome(root, MESSAGES);
      const args = ["worker", "--drain"];
      const ends = await Promise.all([swarm(root, args), swarm(root, args)]);
      for (const { code, stderr } of ends) expect([code, stderr]).toEqual([0, expect.any(String)]);
      expectDeliveredOnce(root, accepted);
      bothCame += expectOneAtWork(root, accepted) > 1 ? 1 : 0;
    } finally {
      removeRoot(root);
    }
  }
  return bothCame;
}

export function acceptSome(root: string, count: number): readonly Message[] {
  const store = storeOf(root);
  return Array.from({ length: count }, (_, index) => {
    const result = store.accept(
      [aNewMessage({ recipient: AGENTS[index % 2] ?? AGENTS[0], body: `body ${index}` })],
      false,
    );
    const message = result.kind === "accepted" ? result.messages[0]?.message : undefined;
    if (!message) throw new Error(`not accepted: ${result.kind}`);
    return message;
  });
}

/**
 * By the log, each worker ended before the next started; by the messages, the times in which each process worked do not
 * overlap, and nothing was attempted twice. Gives how many workers there were.
 */
export function expectOneAtWork(root: string, accepted: readonly Message[]): number {
  let running: string | null = null;
  let count = 0;
  for (const line of readFileSync(join(root, "runtime/worker.log"), "utf8").split("\n")) {
    const [, event, pid] = / (started|ended) pid=(\d+)/.exec(line) ?? [];
    if (event === undefined || pid === undefined) continue;
    expect([event, running]).toEqual(event === "started" ? [event, null] : [event, pid]);
    running = event === "started" ? pid : null;
    count += event === "started" ? 1 : 0;
  }
  const times = new Map<number, { from: number; to: number }>();
  for (const { id } of accepted) {
    const events = storeOf(root).find(id)?.events ?? [];
    expect(events.filter(({ type }) => type === "claimed")).toHaveLength(1);
    const [claimed] = events;
    if (claimed?.type !== "claimed") throw new Error(`${id} was not claimed first`);
    const { from, to } = times.get(claimed.pid) ?? { from: claimed.at, to: claimed.at };
    times.set(claimed.pid, {
      from: Math.min(from, claimed.at),
      to: Math.max(to, events.at(-1)?.at ?? claimed.at),
    });
  }
  const inOrder = [...times.values()].sort((a, b) => a.from - b.from);
  for (const [index, time] of inOrder.entries())
    expect(time.from).toBeGreaterThanOrEqual(inOrder[index - 1]?.to ?? 0);
  return count;
}
