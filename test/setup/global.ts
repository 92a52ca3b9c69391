import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const PRODUCTS = ["dist/swarm.cjs", "dist/driver.cjs"];

/** Before any test: the command is built from the sources as they are, and child processes start with a clean environment. */
export default function prepareTests(): void {
  // It alone adds 40 ms to every start of node, and tests start thousands.
  delete process.env["NODE_EXTRA_CA_CERTS"];
  // A session's own settings must not decide what a test sees.
  for (const name of Object.keys(process.env)) if (name.startsWith("SWARM_")) delete process.env[name];
  if (isBuilt()) return;
  const build = spawnSync(process.execPath, ["build.js"], { stdio: "inherit" });
  // Tests of parts run all the same while the command does not build; `npm test` refuses before.
  if (build.status !== 0) console.error("node build.js failed: tests that run the command will fail.");
}

function isBuilt(): boolean {
  if (!PRODUCTS.every((path) => existsSync(path))) return false;
  const builtAt = Math.min(...PRODUCTS.map((path) => statSync(path).mtimeMs));
  return newest("src") < builtAt && statSync("build.js").mtimeMs < builtAt;
}

function newest(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(0, ...entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
