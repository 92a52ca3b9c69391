/** The command with one of its system calls made to fail: strace answers in the kernel's place. Linux only. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");

/** After so many milliseconds a run hangs: its exit code is null. */
const PATIENCE_MS = 20_000;

/** The calls by which files are changed and found. */
export const CALLS = [
  "write",
  "fsync",
  "fdatasync",
  "rename",
  "link",
  "openat",
  "unlink",
  "mkdir",
  "rmdir",
  "ftruncate",
] as const;
type Call = (typeof CALLS)[number];

export interface Fault {
  readonly call: Call;
  /** What the call answers instead of doing anything, in strace's words: `error=EIO`, `retval=0`. */
  readonly answer: string;
  /** Which call of this kind, counted from the start of the process. */
  readonly nth: number;
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was made to fail, as strace tells it; null when the process ended before. */
  readonly hit: string | null;
  /** False when that was node's own affair: its pipes, its files. */
  readonly isHitOurs: boolean;
  /** For each kind of call, which ones were about files of the workspace, standard output and standard error. */
  readonly nths: ReadonlyMap<Call, readonly number[]>;
}

/**
 * Runs the command to its end. Only its main thread is traced, where all of swarm's own calls are made; a worker that it
 * starts in the background is not.
 */
export async function runTraced(
  root: string,
  args: readonly string[],
  fault: Fault | null,
  env: NodeJS.ProcessEnv = {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "swx-"));
  const log = join(folder, "log");
  const inject = fault ? ["-e", `inject=${fault.call}:${fault.answer}:when=${fault.nth}`] : [];
  try {
    const child = spawn(
      "strace",
      [
        ...["-o", log, "-y", "-e", `trace=${CALLS.join(",")}`, ...inject],
        ...[process.execPath, COMMAND, ...args, "--root", root],
      ],
      { cwd: "/", env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true },
    );
    // A hit in a pipe of node's own may leave it waiting for ever.
    const giveUp = setTimeout(() => child.pid && process.kill(-child.pid, "SIGKILL"), PATIENCE_MS);
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    const code = await new Promise<number | null>((done, failed) =>
      child.on("error", failed).on("close", done),
    );
    clearTimeout(giveUp);
    return { code, ...said, ...readLog(readFileSync(log, "utf8"), root) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readLog(log: string, root: string): Pick<Run, "hit" | "isHitOurs" | "nths"> {
  const nths = new Map<Call, number[]>(CALLS.map((call) => [call, []]));
  const counts = new Map<Call, number>();
  let hit: string | null = null;
  let isHitOurs = false;
  for (const line of log.split("\n")) {
    const call = CALLS.find((name) => line.startsWith(`${name}(`));
    if (!call) continue;
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    const isOurs = line.includes(`${root}/`) || /^write\([12]</.test(line);
    if (isOurs) nths.get(call)?.push(nth);
    if (!line.endsWith("(INJECTED)")) continue;
    hit = line.replaceAll(root, "");
    isHitOurs = isOurs;
  }
  return { hit, isHitOurs, nths };
}
