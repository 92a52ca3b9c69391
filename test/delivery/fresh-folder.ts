import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { removeFolder } from "../../src/support/remove-folder.ts";

/** A workspace root for one test with these agents' folders in it, removed after the test. */
export function freshRoot(agents: readonly string[] = []): string {
  const root = mkdtempSync(join(tmpdir(), "swd-"));
  onTestFinished(() => removeFolder(root));
  mkdirSync(join(root, "agent_workspaces"));
  for (const agent of agents) mkdirSync(join(root, "agent_workspaces", agent));
  return root;
}
