/** What calibration found out about an agent, in `swarm.json`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { byNumber } from "../config/agents.ts";
import { writeAtomically } from "../support/atomic-file.ts";

/** Sets `agents.<name>` in `swarm.json` and leaves everything else in it as it is; returns the path. Throws the system's error. */
export function writeAgentEntry(root: string, agent: string, entry: object): string {
  const path = join(root, "swarm.json");
  const config = readConfig(path);
  const agents = withEntry((config["agents"] as Entries | undefined) ?? {}, agent, entry);
  writeAtomically(path, `${JSON.stringify({ ...config, agents }, null, 2)}\n`, { isSynced: true });
  return path;
}

type Entries = Readonly<Record<string, unknown>>;

/** A new one stands where its name belongs (Agent-2 before Agent-10); where the others are in an order of somebody's, last. */
function withEntry(agents: Entries, agent: string, entry: object): Entries {
  const names = Object.keys(agents);
  const isSorted = names.toSorted(byNumber).every((name, i) => name === names[i]);
  if (agent in agents || !isSorted) return { ...agents, [agent]: entry };
  const all = [...names, agent].toSorted(byNumber);
  return Object.fromEntries(all.map((name) => [name, name === agent ? entry : agents[name]]));
}

function readConfig(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw cause;
  }
}
