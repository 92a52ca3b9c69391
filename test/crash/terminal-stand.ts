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
}

export async function terminalStand({ server, pane, draft }: Terminal, tally: Tally): Promise<Stand> {
  const workspace = createWorkspace({
    config: {
      agents: { A: { transport: "tmux", pane: pane.target, socket: server.socket, profile: "claude" } },
      delivery: { backoff: { initial: "10ms", max: "10ms" } },
    },
  });
  const { id } = acceptOne(openStore(workspace.root), { recipient: "A", body: BODY });
  if (draft !== "") pane.keys("-l", draft);
  await until("the composer is as it shall be", () => composerOf(pane) === (draft || PLACEHOLDER));
  const before = pane.submitted().length;
  return {
    run: { root: workspace.root, args: ["worker", "--drain"] },
    async judge() {
      await drain(workspace.root);
      sweepTwoDaysLater(workspace.root);
      const status = statusOf(workspace, id);
      if (status === "delivered" || status === "unconfirmed") tally[status] += 1;
      return [
        ...faultsOf(workspace, id, status, pane.submitted().slice(before)),
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
  id: string,
  status: string,
  submitted: readonly string[],
): readonly string[] {
  const wrong = submitted.filter((text) => text !== `[#${id} from Captain] ${BODY}`);
  const counts: Readonly<Record<string, readonly number[]>> = { delivered: [1], unconfirmed: [0, 1] };
  return [
    ...wrong.map((text) => `this was submitted: ${JSON.stringify(text)}`),
    ...(counts[status]?.includes(submitted.length)
      ? []
      : [`${status}, and submitted ${submitted.length} times`]),
    ...(status === "delivered"
      ? faultsOfDelivered(root, [{ id, recipient: "A", body: BODY }])
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
