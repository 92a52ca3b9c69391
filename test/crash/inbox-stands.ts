/** Workspaces of two inbox agents, in which a sender or a worker is to be killed. */

import { writeFileSync } from "node:fs";
import { acceptedMessages } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { openStore } from "../delivery/running-worker.ts";
import { createWorkspace, type Workspace } from "../e2e/workspace.ts";
import { recover, sweepTwoDaysLater } from "./drain.ts";
import type { Stand } from "./sweep.ts";
import { archived, faultsOfDelivered, type Promised, printedIds } from "./truth.ts";

const AGENTS = ["Agent-1", "Agent-2"];
/** More than a page, so that a write of it is more than one step for the disk. */
const BODY = `Run the tests.\n${"Then tell what came out. ".repeat(400)}`;
/** The attempts that kills cut off are made again at once. */
const CONFIG = { agents: {}, delivery: { backoff: { initial: "10ms", max: "10ms" } } };

/** Commands that accept messages. Each is killed in a fresh workspace, where it also makes all folders. */
export const PRODUCERS: Readonly<Record<string, readonly string[]>> = {
  "a message": ["send", "Agent-1", BODY, "--no-wait"],
  "a message with a key": ["send", "Agent-1", BODY, "--no-wait", "--key", "k"],
  "a message that is waited for": ["send", "Agent-1", BODY],
  "a broadcast": ["broadcast", BODY, "--no-wait"],
};

export function producerStand(args: readonly string[]): Promise<Stand> {
  const workspace = createWorkspace({ agents: AGENTS, config: CONFIG });
  return Promise.resolve({
    run: { root: workspace.root, args },
    async judge({ stdout, isHit }) {
      await recover(workspace);
      const printed = printedIds(stdout);
      // A broadcast prints its messages in the order of the agents.
      const promised = printed.map((id, index) => ({ id, recipient: AGENTS[index] ?? "", body: BODY }));
      const silent = !isHit && printed.length === 0 ? ["it lived and printed no id"] : [];
      return [...silent, ...judged(workspace, promised)];
    },
    remove: () => workspace.remove(),
  });
}

/** A worker that finds messages of every kind: waiting, in a broadcast, cut off in an attempt, and dropped. */
export function workerStand(): Promise<Stand> {
  const workspace = createWorkspace({ agents: AGENTS, config: CONFIG });
  const promised = fill(workspace);
  return Promise.resolve({
    run: { root: workspace.root, args: ["worker", "--drain"] },
    async judge() {
      await recover(workspace);
      return judged(workspace, promised, promised.length + 1);
    },
    remove: () => workspace.remove(),
  });
}

function fill({ root, path }: Workspace): readonly Promised[] {
  const store = openStore(root);
  const ask = (recipient: string) => aNewMessage({ recipient, body: BODY });
  const accepted = [
    ...acceptedMessages(store.accept([ask("Agent-1")], false)),
    ...acceptedMessages(store.accept(AGENTS.map(ask), true)),
  ];
  const [first] = store.scan(new Set(AGENTS));
  if (first) store.claim(first, { pid: process.pid, at: Date.now() });
  writeFileSync(
    path("runtime/queue/drop/from-cron.json"),
    JSON.stringify({ recipient: "Agent-2", body: BODY }),
    {
      mode: 0o600,
    },
  );
  return accepted.map(({ message: { id, recipient, body } }) => ({ id, recipient, body }));
}

/** `count`: how many messages there must be, where that is known. */
function judged(
  { root }: Workspace,
  promised: readonly Promised[],
  count: number | null = null,
): readonly string[] {
  sweepTwoDaysLater(root);
  const found = archived(root).length;
  const counted = count === null || found === count ? [] : [`${found} messages instead of ${count}`];
  return [...counted, ...faultsOfDelivered(root, promised)];
}
