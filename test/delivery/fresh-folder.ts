import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A workspace root for one test with these agents' folders in it, removed after the test. */
export function freshRoot(agents: readonly string[] = []): string {
  const root = mkdtempSync(join(tmpdir(), "swd-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  mkdirSync(join(root, "agent_workspaces"));
  for (const agent of agents) mkdirSync(join(root, "agent_workspaces", agent));
  return root;
}
