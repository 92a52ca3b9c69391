/** For `swarm doctor`: each terminal agent's pane, its profile, and whether a message could be delivered right now. */
import type { TmuxAgent } from "../domain/agent.ts";
import type { TerminalProfile } from "../domain/terminal-profile.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { inspectPane } from "../transports/tmux/inspect.ts";
import type { DesktopCheck } from "./doctor-desktop.ts";
import { paneState } from "./pane-state.ts";

export async function checkPanes(
  agents: readonly TmuxAgent[],
  profiles: ReadonlyMap<string, TerminalProfile>,
): Promise<readonly DesktopCheck[]> {
  const terminals = tmuxTerminals();
  return Promise.all(agents.map((agent) => checkPane(agent)));

  async function checkPane(agent: TmuxAgent): Promise<DesktopCheck> {
    const found = await inspectPane(terminals, agent, profiles);
    const { name } = agent;
    if (!found.ok) return { name, isOk: false, detail: found.error.message, remedy: found.error.hint };
    const { detail, remedy } = paneState(found);
    const { where, chosen } = found;
    return {
      name,
      isOk: remedy === "",
      detail: `pane ${where}, profile ${chosen.profile.name} (${chosen.why}); ${detail}`,
      remedy,
    };
  }
}
