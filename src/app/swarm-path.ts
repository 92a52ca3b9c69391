import { existsSync } from "node:fs";
import { join } from "node:path";

/** The built command: this file itself once it is bundled, or in `dist/` when the sources run themselves (tests). */
export function swarmPath(): string {
  const beside = join(__dirname, "swarm.cjs");
  return existsSync(beside) ? beside : join(__dirname, "..", "..", "dist", "swarm.cjs");
}
