/** The panes of a tmux server: what runs in each, which profile reads it, and whether a message could be delivered now. */
import type { Config } from "../config/config.ts";
import type { TmuxAgent } from "../domain/agent.ts";
import type { OnPane, PaneFacts } from "../ports/terminals.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { inspectPane } from "../transports/tmux/inspect.ts";
import { paneState } from "./pane-state.ts";

export interface PaneView {
  readonly where: string;
  readonly target: string;
  /** Null: nothing there takes messages. */
  readonly profile: { readonly name: string; readonly why: string } | null;
  readonly state: string;
  /** Whose it is by the configuration, or null. */
  readonly agent: string | null;
  /** A message could be delivered there right now. */
  readonly isReady: boolean;
}

export async function listPanes(
  config: Config,
  socket: string,
): Promise<OnPane<{ readonly panes: readonly PaneView[] }>> {
  const terminals = tmuxTerminals();
  const listed = await terminals.list(socket);
  if (!listed.ok) return listed;
  const owners = await ownersOf();
  return { ok: true, panes: await Promise.all(listed.panes.map((pane) => viewOf(pane, owners))) };

  /** Names of agents by the panes that their targets name. */
  async function ownersOf(): Promise<ReadonlyMap<string, string>> {
    const here = [...config.agents.values()].filter(
      (agent): agent is TmuxAgent => agent.transport === "tmux" && agent.socket === socket,
    );
    const found = await Promise.all(
      here.map(async ({ name, pane }) => [await terminals.find(socket, pane), name] as const),
    );
    return new Map(found.flatMap(([pane, name]) => (pane.ok ? [[pane.pane.where, name] as const] : [])));
  }

  async function viewOf(
    { where, target }: PaneFacts,
    owners: ReadonlyMap<string, string>,
  ): Promise<PaneView> {
    const looker = { name: target, transport: "tmux", pane: target, socket, profile: null } as const;
    const agent = owners.get(where) ?? null;
    const found = await inspectPane(terminals, looker, config.terminalProfiles);
    if (!found.ok)
      return { where, target, agent, profile: null, state: shortOf(found.error), isReady: false };
    const { profile, why } = found.chosen;
    const { detail, remedy } = paneState(found);
    return {
      where,
      target,
      agent,
      profile: { name: profile.name, why },
      state: detail,
      isReady: remedy === "",
    };
  }
}

function shortOf({ code, message }: { readonly code: string; readonly message: string }): string {
  return code === "shell_in_pane" ? "a shell: a message would be executed" : message;
}
