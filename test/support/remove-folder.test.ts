import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { until } from "../desktop-fixture/until.ts";

/** Writes into `folder` without a pause, as long as `ms`. */
async function writer(folder: string, ms: number): Promise<void> {
  const program = `const { writeFileSync } = require("node:fs");
    for (let i = 0, end = Date.now() + ${ms}; Date.now() < end; i++)
      try { writeFileSync(process.argv[1] + "/" + i, ""); } catch {}`;
  const child = spawn(process.execPath, ["-e", program, folder], { stdio: "ignore" });
  const exit = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
  });
  await until("it writes", () => existsSync(join(folder, "1")));
}

/** Large enough that its removal takes a while. */
function largeFolder(): { root: string; inner: string } {
  const root = mkdtempSync(join(tmpdir(), "swf-"));
  const inner = join(root, "inner");
  mkdirSync(inner);
  for (let i = 0; i < 300; i++) mkdirSync(join(inner, `folder-${i}`));
  return { root, inner };
}

test("a folder goes in which a program writes its last while it is removed", async () => {
  const { root, inner } = largeFolder();
  await writer(inner, 500);
  removeFolder(root);
  expect(existsSync(root)).toBe(false);
});

test("a folder that is not there is no error", () => {
  expect(() => removeFolder(join(tmpdir(), "swf-is-not-there"))).not.toThrow();
});
