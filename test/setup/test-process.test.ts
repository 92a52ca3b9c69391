import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { freshRoot } from "../delivery/fresh-folder.ts";

const VITEST = resolve("node_modules/vitest/vitest.mjs");
const POOL = resolve(import.meta.dirname, "test-process.ts");

it.each([
  ["process.kill(process.pid, 'SIGKILL')", "by SIGKILL"],
  ["process.reallyExit(7)", "with exit code 7"],
])("a test run tells which file's process has ended by itself, and how: %s", (death, how) => {
  const folder = freshRoot();
  writeFileSync(
    join(folder, "vitest.config.ts"),
    `import { TEST_PROCESSES } from ${JSON.stringify(POOL)};
export default { test: { pool: TEST_PROCESSES, globals: true } };`,
  );
  writeFileSync(join(folder, "sound.test.ts"), "it('is sound', () => {});");
  writeFileSync(join(folder, "dead.test.ts"), `it('dies', () => { ${death}; });`);
  const { status, stderr } = spawnSync(process.execPath, [VITEST, "run"], { cwd: folder, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr.match(/THE PROCESS OF .*/g)).toEqual([`THE PROCESS OF dead.test.ts ended by itself ${how}.`]);
});
