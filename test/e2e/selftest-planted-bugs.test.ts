/** The selftest of a command that was built from changed sources: it must be able to fail. */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { type Stage, startStage } from "../desktop-fixture/stage.ts";
import type { SelftestCheckJson, SelftestJson } from "./json.ts";
import {
  IN_FILES_AND_PANES,
  IN_ITS_LOOK_AT_THE_FOCUS,
  IN_RECOVERY,
  IN_WINDOWS,
  type PlantedBug,
} from "./selftest-planted-bugs.ts";

const ROOT = resolve(import.meta.dirname, "../..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pb-"));
});
afterEach(() => removeFolder(folder));

/** Builds the command with the bugs in it; its path. */
function buildWith(bugs: readonly PlantedBug[]): string {
  for (const name of ["src", "bin", "build.js", "package.json"])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "dist"));
  for (const { file, edits } of bugs) for (const edit of edits) plant(join(folder, file), edit);
  execFileSync(process.execPath, ["build.js"], { cwd: folder, stdio: "inherit" });
  return join(folder, "bin", "swarm.js");
}

function plant(path: string, [from, to]: readonly [string, string]): void {
  const whole = readFileSync(path, "utf8");
  expect(whole.split(from), `${from} stands in ${path} once`).toHaveLength(2);
  writeFileSync(
    path,
    whole.replace(from, () => to),
  );
}

async function selftest(
  command: string,
  env: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly checks: readonly SelftestCheckJson[] }> {
  const child = spawn(process.execPath, [command, "selftest", "--json", ...args], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.on("data", (part: Buffer) => {
    stdout += part.toString();
  });
  const code = await new Promise<number | null>((end) => child.on("close", end));
  return { code, checks: (JSON.parse(stdout) as SelftestJson).checks };
}

function expectFound(bugs: readonly PlantedBug[], checks: readonly SelftestCheckJson[]): void {
  for (const { what, check, says } of bugs) {
    const line = checks.find(({ name }) => name === check);
    expect([what, line?.verdict, line?.reasons]).toEqual([
      what,
      "did_not_hold",
      expect.arrayContaining([expect.stringMatching(says)]),
    ]);
  }
}

it.each([
  ["what it does with files and terminals", IN_FILES_AND_PANES],
  ["what it does after a worker has died", IN_RECOVERY],
] as const)("finds each of the bugs that were planted into %s, and no other", async (_, bugs) => {
  const { code, checks } = await selftest(buildWith(bugs), process.env, "--no-window");
  expectFound(bugs, checks);
  expect(code).toBe(1);
  const broken = checks.filter(({ verdict }) => verdict === "did_not_hold").map(({ name }) => name);
  expect(broken.toSorted()).toEqual(bugs.map(({ check }) => check).toSorted());
});

it.each([
  ["what it does with windows", IN_WINDOWS],
  ["its look at the focus", IN_ITS_LOOK_AT_THE_FOCUS],
] as const)(
  "finds each of the bugs that were planted into %s, and puts back what they leave",
  async (_, bugs) => {
    const stage: Stage = await startStage({ windows: [{ name: "Person" }] });
    try {
      await stage.person.setClipboard("what the user had copied");
      const { code, checks } = await selftest(buildWith(bugs), stage.desktop.env);
      expectFound(bugs, checks);
      expect(code).toBe(1);
      expect(await stage.person.clipboard()).toBe("what the user had copied");
      expect(await stage.windows.active()).toBe(stage.windowOf("Person"));
    } finally {
      await stage.stop();
    }
  },
);
