/** Very many accepted messages, and one worker that delivers them all. */
import { expect } from "vitest";
import { openOutbox } from "../../src/app/compose.ts";
import { aNewMessage } from "../delivery/messages.ts";
import type { StatusJson } from "../e2e/json.ts";
import { createWorkspace, type Workspace } from "../e2e/workspace.ts";
import { configOf } from "../fuzz/workspace-parts.ts";
import { memoryParent } from "../support/memory-folder.ts";
import { expectEachOnce, namesOf } from "./arrived.ts";
import { startWatched } from "./worker-process.ts";

export interface Drained {
  readonly delivered: number;
  /** Medians of the worker's resident memory in the first and the last quarter of its life, and the most that it was. */
  readonly firstMegabytes: number;
  readonly lastMegabytes: number;
  readonly mostMegabytes: number;
}

const ACCEPTED_AT_ONCE = 1000;

export async function drain(messages: number): Promise<Drained> {
  const agents = namesOf(8);
  const workspace = createWorkspace({ agents, parent: memoryParent() });
  try {
    const bodies = acceptAll(workspace, agents, messages);
    const worker = startWatched(workspace, "--drain");
    expect(await worker.ended).toBe(0);
    expectEachOnce(workspace, agents, bodies);
    const { counts } = await workspace.json<StatusJson>(["status"]);
    expect(counts).toMatchObject({
      delivered: messages,
      queued: 0,
      delivering: 0,
      failed: 0,
      unconfirmed: 0,
    });
    const { megabytes } = worker;
    const quarter = Math.floor(megabytes.length / 4);
    return {
      delivered: counts.delivered,
      firstMegabytes: median(megabytes.slice(0, quarter)),
      lastMegabytes: median(megabytes.slice(-quarter)),
      mostMegabytes: Math.round(Math.max(...megabytes)),
    };
  } finally {
    await workspace.remove();
  }
}

function acceptAll({ root }: Workspace, agents: readonly string[], count: number): readonly string[] {
  const outbox = openOutbox(configOf(root));
  const bodies = Array.from({ length: count }, (_, i) => `number ${i}: ${"please look at it ".repeat(20)}`);
  for (let at = 0; at < count; at += ACCEPTED_AT_ONCE) {
    const messages = bodies
      .slice(at, at + ACCEPTED_AT_ONCE)
      .map((body, i) => aNewMessage({ recipient: agents[i % agents.length] ?? "", body }));
    expect(outbox.accept(messages, true).kind).toBe("accepted");
  }
  return bodies;
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}
