/**
 * `npm test`: gets what the tests need, builds, runs vitest, and looks for what the tests left behind.
 * Where CI is set, a missing package and a skipped test are failures. The last line is "N passed, N failed".
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installLine, installPackages, missingPackages } from "./debian.ts";
import { endLeaked, leakedProcesses } from "./leaks.ts";
import { closingLine, type Results, verdict } from "./verdict.ts";

const RESULTS = "results.json";
const RUNTIME = "run";
const GRACE_MS = 5000;

/** Runs the tests that `args` (of vitest) choose; returns the exit code. */
export default async function runTests(args: readonly string[]): Promise<number> {
  const isCi = Boolean(process.env["CI"]);
  // One folder for everything that the tests make. Its name is short: the path of a socket has at most 107 bytes.
  const scratch = mkdtempSync(join(tmpdir(), "swt-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const env = testEnvironment(scratch);

  if (!preparePackages() && isCi) return fail("packages are missing");
  if (spawnSync(process.execPath, ["build.js"], { stdio: "inherit", env }).status !== 0)
    return fail("the build failed");
  const exitCode = await vitest(args, join(scratch, RESULTS), env);
  const { passed, failed, remarks } = verdict({
    results: readResults(join(scratch, RESULTS)),
    exitCode,
    leaks: await leftBehind(scratch),
    isCi,
  });
  for (const remark of remarks) console.error(remark);
  console.log(`\n${closingLine({ passed, failed })}`);
  return failed === 0 ? 0 : 1;
}

function testEnvironment(scratch: string): NodeJS.ProcessEnv {
  // A desktop that is there is a person's: tests have their own. More authorities slow every start of node, and npm needs them.
  const {
    NODE_EXTRA_CA_CERTS: authorities,
    DISPLAY: _display,
    WAYLAND_DISPLAY: _wayland,
    ...env
  } = process.env;
  return {
    ...env,
    ...(authorities === undefined ? {} : { SWT_AUTHORITIES: authorities }),
    TMPDIR: scratch,
    XDG_RUNTIME_DIR: runtimeFolder(scratch),
    SWT_RUN: scratch,
  };
}

/** Where processes of one user meet: what they keep there for each other may stay. */
function runtimeFolder(scratch: string): string {
  const folder = join(scratch, RUNTIME);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  return folder;
}

function preparePackages(): boolean {
  const wanted = missingPackages();
  if (wanted.length > 0) installPackages(wanted);
  const missing = missingPackages();
  if (missing.length === 0) return true;
  console.error(`The tests with windows need ${missing.join(" ")}. Install with:\n  ${installLine(missing)}`);
  return false;
}

function fail(why: string): number {
  console.error(`No test was run: ${why}.`);
  console.log(`\n${closingLine({ passed: 0, failed: 1 })}`);
  return 1;
}

function vitest(args: readonly string[], results: string, env: NodeJS.ProcessEnv): Promise<number> {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...args], {
    stdio: "inherit",
    env,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

async function leftBehind(scratch: string): Promise<readonly string[]> {
  const processes = await leakedProcesses(`SWT_RUN=${scratch}`, GRACE_MS);
  const files = readdirSync(scratch).filter((name) => name !== RESULTS && name !== RUNTIME);
  endLeaked(processes);
  return [
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
    ...files.map((name) => `in the temporary folder: ${name}`),
  ];
}

function readResults(path: string): Results | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Results;
  } catch {
    return null;
  }
}
