/** Very many `swarm send` at once, each a process of its own. */
import { expect } from "vitest";
import type { SendJson, StatusJson } from "../e2e/json.ts";
import { createWorkspace } from "../e2e/workspace.ts";
import { memoryParent } from "../support/memory-folder.ts";
import { expectEachOnce, namesOf } from "./arrived.ts";

export interface Sent {
  readonly accepted: number;
  readonly delivered: number;
  readonly seconds: number;
}

export async function sendAtOnce(processes: number): Promise<Sent> {
  const agents = namesOf(8);
  const workspace = createWorkspace({ agents, parent: memoryParent() });
  try {
    const bodies = Array.from({ length: processes }, (_, i) => `number ${i} 👩‍👩‍👧\n\ttab\n`);
    const startedAt = performance.now();
    const sent = await Promise.all(
      bodies.map((body, i) =>
        workspace.json<SendJson>(["send", agents[i % agents.length] ?? "", "-", "--timeout", "1h"], {
          input: body,
        }),
      ),
    );
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const notDelivered = sent.filter(({ status }) => status !== "delivered");
    expect(notDelivered).toEqual([]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(processes);
    expectEachOnce(workspace, agents, bodies);
    const { counts } = await workspace.json<StatusJson>(["status"]);
    expect(counts).toMatchObject({
      delivered: processes,
      queued: 0,
      delivering: 0,
      failed: 0,
      unconfirmed: 0,
    });
    // One worker, and nothing else was left running.
    expect(workspace.processes()).toEqual([await workspace.workerPid()]);
    return { accepted: sent.length, delivered: counts.delivered, seconds };
  } finally {
    await workspace.remove();
  }
}
