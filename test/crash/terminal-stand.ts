/** A worker that types into a terminal agent, and is to be killed. The agent's log is the truth. */
import { existsSync, readdirSync } from "node:fs";
import { acceptOne, openStore } from "../delivery/running-worker.ts";
import { until } from "../desktop-fixture/until.ts";
import { createWorkspace, type Workspace } from "../e2e/workspace.ts";
import type { AgentPane, TmuxServer } from "../tmux-fixture/tmux.ts";
import { drain, sweepTwoDaysLater } from "./drain.ts";
import type { Stand } from "./sweep.ts";
import { faultsOfDelivered, faultsOfRemains } from "./truth.ts";

/** What the fake agent shows in an empty composer. */
const PLACEHOLDER = "Type your message";
const BODY = "Run the tests.\nThen tell what came out.";
/** For a composer that is not empty when the message comes. */
export const DRAFT = "half a thought of a person";

/** How the messages ended. */
export interface Tally {
  delivered: number;
  unconfirmed: number;
}

export interface Terminal {
  readonly server: TmuxServer;
  readonly pane: AgentPane;
  /** Empty, or what stands in the composer. */
  readonly draft: string;
  /** So many messages, typed in one turn. */
  readonly messages: number;
}

export async function terminalStand(
  { server, pane, draft, messages }: Terminal,
  tally: Tally,
): Promise<Stand> {
  const workspace = createWorkspace({
    config: {
      agents: { A: { transport: "tmux", pane: pane.target, socket: server.socket, profile: "claude" } },
      delivery: { backoff: { initial: "10ms", max: "10ms" }, join: true },
    },
  });
  const store = openStore(workspace.root);
  const ids = Array.from({ length: messages }, () => acceptOne(store, { recipient: "A", body: BODY }).id);
  if (draft !== "") pane.keys("-l", draft);
  await until("the composer is as it shall be", () => composerOf(pane) === (draft || PLACEHOLDER));
  const before = pane.submitted().length;
  return {
    run: { root: workspace.root, args: ["worker", "--drain"] },
    async judge() {
      await drain(workspace.root);
      sweepTwoDaysLater(workspace.root);
      const statuses = ids.map((id) => statusOf(workspace, id));
      for (const status of statuses)
        if (status === "delivered" || status === "unconfirmed") tally[status] += 1;
      return [
        ...faultsOf(workspace, ids, statuses, pane.submitted().slice(before)),
        ...(await faultsOfComposer(pane, draft || PLACEHOLDER)),
      ];
    },
    async remove() {
      await workspace.remove();
      pane.keys("C-u");
      await until("the composer is empty", () => composerOf(pane) === PLACEHOLDER);
    },
  };
}

function statusOf({ root }: Workspace, id: string): string {
  return openStore(root).find(id)?.state.status ?? "lost";
}

function faultsOf(
  { root }: Workspace,
  ids: readonly string[],
  statuses: readonly string[],
  submitted: readonly string[],
): readonly string[] {
  const texts = ids.map((id) => `[#${id} from Captain] ${BODY}`);
  // In one turn; where that was cut off, what was claimed is alone, and the rest behind it in one turn again.
  const turns = texts.flatMap((_, from) =>
    texts.slice(from).map((_, more) => texts.slice(from, from + more + 1).join("\n\n")),
  );
  const wrong = submitted.filter((text) => !turns.includes(text));
  const counts: Readonly<Record<string, readonly number[]>> = { delivered: [1], unconfirmed: [0, 1] };
  const promised = ids.map((id) => ({ id, recipient: "A", body: BODY }));
  return [
    ...wrong.map((text) => `this was submitted: ${JSON.stringify(text)}`),
    ...ids.flatMap((id, at) => {
      const status = statuses[at] ?? "";
      const times = submitted.filter((text) => text.includes(id)).length;
      return counts[status]?.includes(times) ? [] : [`${id}: ${status}, and submitted ${times} times`];
    }),
    ...(statuses.every((status) => status === "delivered")
      ? faultsOfDelivered(root, promised)
      : faultsOfRemains(root)),
    ...(existsSync(`${root}/runtime/queue/bad`) ? readdirSync(`${root}/runtime/queue/bad`) : []),
  ];
}

/** The person's draft has to be back, and nothing else may stand there. */
async function faultsOfComposer(pane: AgentPane, wanted: string): Promise<readonly string[]> {
  try {
    await until("it is as it was", () => composerOf(pane) === wanted, 5_000);
    return [];
  } catch {
    return [`in the composer: ${JSON.stringify(composerOf(pane))}`];
  }
}

/** The text between the prompt and the frame. */
function composerOf(pane: AgentPane): string {
  const rows = pane.screen().split("\n");
  const start = rows.findLastIndex((row) => row.startsWith("│ > "));
  const end = rows.findIndex((row, index) => index > start && row.startsWith("╰"));
  return rows
    .slice(start, end)
    .map((row) => row.slice(4).replace(/│\s*$/, "").trimEnd())
    .join("\n");
}
