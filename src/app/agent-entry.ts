/** What calibration found out about an agent, in `swarm.json`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../support/atomic-file.ts";

/** Sets `agents.<name>` in `swarm.json` and leaves everything else in it as it is; returns the path. Throws the system's error. */
export function writeAgentEntry(root: string, agent: string, entry: object): string {
  const path = join(root, "swarm.json");
  const config = readConfig(path);
  const agents = { ...(config["agents"] as object | undefined), [agent]: entry };
  writeAtomically(path, `${JSON.stringify({ ...config, agents }, null, 2)}\n`, { isSynced: true });
  return path;
}

function readConfig(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw cause;
  }
}
