/** For `swarm doctor`: each terminal agent's pane, its profile, and whether a message could be delivered right now. */
import type { TmuxAgent } from "../domain/agent.ts";
import type { TerminalProfile } from "../domain/terminal-profile.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { type Inspected, inspectPane } from "../transports/tmux/inspect.ts";
import type { DesktopCheck } from "./doctor-desktop.ts";

export async function checkPanes(
  agents: readonly TmuxAgent[],
  profiles: ReadonlyMap<string, TerminalProfile>,
): Promise<readonly DesktopCheck[]> {
  const terminals = tmuxTerminals();
  try {
    return await Promise.all(agents.map((agent) => checkPane(agent)));
  } finally {
    await terminals.close();
  }

  async function checkPane(agent: TmuxAgent): Promise<DesktopCheck> {
    const found = await inspectPane(terminals, agent, profiles);
    const { name } = agent;
    if (!found.ok) return { name, isOk: false, detail: found.error.message, remedy: found.error.hint };
    const { detail, remedy } = said(found);
    const { where, chosen } = found;
    return {
      name,
      isOk: remedy === "",
      detail: `pane ${where}, profile ${chosen.profile.name} (${chosen.why}); ${detail}`,
      remedy,
    };
  }
}

function said({ reading, isInMode, chosen }: Inspected): {
  readonly detail: string;
  readonly remedy: string;
} {
  if (isInMode) return { detail: "in copy mode, which a delivery leaves", remedy: "" };
  switch (reading.kind) {
    case "dialog":
      return { detail: `asks something: "${reading.line.slice(0, 60)}"`, remedy: "answer it in the pane" };
    case "unknown":
      return {
        detail: "no composer was found on its screen",
        remedy: "see what the pane shows; describe its composer in a profile of your own",
      };
    case "composer": {
      if (reading.text === "")
        return { detail: "the composer is empty: a message could be delivered now", remedy: "" };
      const isMovable = chosen.profile.clear.length > 0;
      return {
        detail: `the composer holds a draft, which ${isMovable ? "is put back after a message" : "this profile can't take out"}`,
        remedy: isMovable ? "" : "submit or remove it in the pane",
      };
    }
    default:
      return reading satisfies never;
  }
}
