/** Pausing and resuming agents, for commands. */
import { type Pauses, pause, pauseFor, readPauses, resume } from "../spool/pauses.ts";

/** No names: all, also those that come. Throws the system's error. */
export function pauseAgents(root: string, names: readonly string[], by: string): void {
  const since = Date.now();
  for (const name of names.length === 0 ? [null] : names) pause(root, name, { by, since });
}

/** No names: whatever is paused. Gives what was. Throws the system's error. */
export function resumeAgents(
  root: string,
  names: readonly string[],
): { readonly all: boolean; readonly agents: readonly string[] } {
  const resumed = (names.length === 0 ? [null] : names).flatMap((name) => resume(root, name));
  return { all: resumed.includes(null), agents: resumed.flatMap((name) => name ?? []) };
}

export function pausesOf(root: string): Pauses {
  return readPauses(root);
}

/** Those of these agents that get nothing for now. */
export function pausedAmong(root: string, agents: readonly string[]): readonly string[] {
  const pauses = readPauses(root);
  return agents.filter((agent) => pauseFor(agent, pauses) !== null);
}
