/** Runs the small programs in test/spool/programs as processes of their own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, onTestFinished } from "vitest";

const SOURCES = resolve("test/spool/programs");
let folder: string | null = null;
const outfiles = new Map<string, string>();
afterAll(() => {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
});

export interface Ran {
  /** What the program printed as JSON on its last line, or null. */
  readonly result: unknown;
  readonly stderr: string;
  readonly signal: NodeJS.Signals | null;
}

/** `shell` is put before the command: `ulimit -f 8; `. */
export function runProgram(program: string, args: readonly string[], shell = ""): Ran {
  return run(["sh", "-c", `${shell}exec "$0" "$@"`, process.execPath, built(program), ...args]);
}

/** After `prepare` in a mount namespace of its own: what is mounted there is gone with the process. */
export function runInNamespace(prepare: string, program: string, ...args: readonly string[]): Ran {
  const flags = process.getuid?.() === 0 ? ["--mount"] : ["--mount", "--user", "--map-root-user"];
  return run([
    "unshare",
    ...flags,
    "sh",
    "-c",
    `${prepare} && exec "$0" "$@"`,
    process.execPath,
    built(program),
    ...args,
  ]);
}

/** Started and left running; killed at the latest when the test ends. */
export function startProgram(program: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [built(program), ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function run([command = "", ...args]: readonly string[]): Ran {
  const { stdout, stderr, signal } = spawnSync(command, args, { encoding: "utf8" });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  return { result: last === "" ? null : JSON.parse(last), stderr, signal };
}

/** As one file, which starts faster than sources. Built once. */
function built(program: string): string {
  const known = outfiles.get(program);
  if (known !== undefined) return known;
  folder ??= mkdtempSync(join(tmpdir(), "swp-"));
  const outfile = join(folder, `${basename(program, ".ts")}.cjs`);
  const entry = join(SOURCES, program);
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  outfiles.set(program, outfile);
  return outfile;
}
