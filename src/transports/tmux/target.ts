/** What runs in an agent's pane, and the profile that reads it; or why nothing can be typed there. */
import type { TmuxAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import { isShell, type TerminalProfile } from "../../domain/terminal-profile.ts";
import type { Pane, Program } from "../../ports/terminals.ts";

export interface Chosen {
  readonly profile: TerminalProfile;
  /** Why this one, for people. */
  readonly why: string;
  /** The agent's own process, where the system tells it. */
  readonly agentPid: number | null;
}

export type Target =
  | { readonly ok: true; readonly chosen: Chosen }
  /** `isForGood`: no retry mends it. */
  | { readonly ok: false; readonly error: DeliveryError; readonly isForGood: boolean };

/** `shown`: the name of the program in front, as the terminal server tells it. */
export async function targetOf(
  agent: TmuxAgent,
  pane: Pane,
  shown: string,
  profiles: ReadonlyMap<string, TerminalProfile>,
): Promise<Target> {
  const programs = await pane.programs();
  const shell = shellInFront(programs, shown);
  if (shell !== null) return { ok: false, error: shellInPane(agent, pane, shell), isForGood: false };
  const chosen = choose(agent, programs, profiles);
  return chosen
    ? { ok: true, chosen }
    : { ok: false, error: profileUnknown(agent, profiles), isForGood: true };
}

/** The name of the shell that takes the keys: one that runs nothing else in front. A script that started an agent is none. */
function shellInFront(programs: readonly Program[], shown: string): string | null {
  const [leader] = programs;
  if (!leader) return isShell(shown) ? shown : null;
  const isOnlyShells = programs.every(({ names }) => isShell(names[0] ?? ""));
  return isOnlyShells ? (leader.names[0] ?? shown) : null;
}

/** The profile that the configuration names, else the one that knows a program in the pane, else `generic`. */
function choose(
  agent: TmuxAgent,
  programs: readonly Program[],
  profiles: ReadonlyMap<string, TerminalProfile>,
): Chosen | null {
  const agentPid = programs[0]?.pid ?? null;
  if (agent.profile !== null) {
    const profile = profiles.get(agent.profile);
    return profile ? { profile, agentPid, why: "named in swarm.json" } : null;
  }
  const names = programs.flatMap((program) => program.names);
  for (const profile of profiles.values()) {
    const program = profile.programs.find((name) => names.includes(name));
    if (program !== undefined) return { profile, agentPid, why: `${program} runs there` };
  }
  const generic = profiles.get("generic");
  const running = names[0] ?? "a program";
  return generic ? { profile: generic, agentPid, why: `no other profile knows ${running}` } : null;
}

function shellInPane(agent: TmuxAgent, pane: Pane, shell: string): DeliveryError {
  return {
    code: "shell_in_pane",
    message: `a shell (${shell}) runs in the pane ${pane.where} of ${agent.name}: the message would be executed as a command`,
    hint: `start the agent there; then: swarm retry-failed --agent ${agent.name}`,
  };
}

function profileUnknown(agent: TmuxAgent, profiles: ReadonlyMap<string, TerminalProfile>): DeliveryError {
  return {
    code: "calibration_stale",
    message: `the profile "${agent.profile}" of ${agent.name} is not known`,
    hint: `correct agents.${agent.name}.profile in swarm.json (${[...profiles.keys()].join(", ")}, or one of your own)`,
  };
}
