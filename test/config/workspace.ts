/** A fresh workspace folder for one test, removed after it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** `config` is written as `swarm.json`: text as it is, anything else as JSON. */
export function freshWorkspace(config?: unknown, folders: readonly string[] = []): string {
  const root = mkdtempSync(join(tmpdir(), "swc-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  if (config !== undefined) {
    writeFileSync(join(root, "swarm.json"), typeof config === "string" ? config : JSON.stringify(config));
  }
  for (const folder of folders) mkdirSync(join(root, "agent_workspaces", folder), { recursive: true });
  return root;
}
