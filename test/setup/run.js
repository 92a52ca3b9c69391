// `npm test`: gets what the tests need, builds, runs vitest, and looks for what the tests left behind.
// Where CI is set, a missing package and a skipped test are failures. The last line is "N passed, N failed".
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, installLine, missingPackages } from "./debian.js";
import { endLeaked, leakedFiles, leakedProcesses } from "./leaks.js";

const isCi = Boolean(process.env["CI"]);
// One folder for everything that the tests make, with a short name: sockets in it have paths of at most 108 bytes.
const scratch = mkdtempSync(join(tmpdir(), "swt-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
process.exitCode = await main();

async function main() {
  if (!preparePackages()) return closingLine(0, 1);
  const env = testEnvironment();
  if (spawnSync(process.execPath, ["build.js"], { stdio: "inherit", env }).status !== 0)
    return closingLine(0, 1);
  const results = join(scratch, "results.json");
  const code = await vitest(process.argv.slice(2), results, env);
  rmSync(join(scratch, "vitest"), { recursive: true, force: true });
  return report(code, results, await leaks(results));
}

function preparePackages() {
  const wanted = missingPackages();
  if (wanted.length > 0) install(wanted);
  const missing = missingPackages();
  if (missing.length === 0) return true;
  console.error(
    `Missing: ${missing.join(" ")}. Tests that need them are skipped. Install them with:\n  ${installLine(missing)}`,
  );
  return !isCi;
}

function testEnvironment() {
  const { NODE_EXTRA_CA_CERTS: _, DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  // The mark by which the processes of this run are found again.
  return { ...env, TMPDIR: scratch, SWT_RUN: scratch };
}

function vitest(args, results, env) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...args], {
    stdio: "inherit",
    env,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

async function leaks(results) {
  const processes = await leakedProcesses(scratch);
  const files = leakedFiles(scratch).filter((path) => path !== results);
  endLeaked(processes);
  return [
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
    ...files.map((path) => `left in the temporary folder: ${path}`),
  ];
}

function report(code, resultsPath, leaked) {
  const results = read(resultsPath);
  if (results === null) return closingLine(0, 1);
  for (const leak of leaked) console.error(`LEAKED ${leak}`);
  const skipped = results.numPendingTests + results.numTodoTests;
  if (skipped > 0)
    console.error(`${skipped} tests were skipped${isCi ? ", which counts as failed where CI is set" : ""}.`);
  const brokenFiles = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = results.numFailedTests + brokenFiles.length + leaked.length + (isCi ? skipped : 0);
  // An error outside every test fails the run without failing a test.
  return closingLine(results.numPassedTests, failed === 0 && code !== 0 ? 1 : failed);
}

function closingLine(passed, failed) {
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    console.error(`vitest left no results: ${error.message}`);
    return null;
  }
}
