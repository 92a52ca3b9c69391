/** Workspaces whose workers run in the background, as real processes of the built command. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runningWorker } from "../../src/app/client.ts";
import { freshRoot } from "../delivery/fresh-folder.ts";
import { until } from "../desktop-fixture/until.ts";

const SWARM = join(import.meta.dirname, "..", "..", "dist", "swarm.cjs");

/** A workspace in a fresh folder; its worker is ended after the test. */
export function backgroundWorkspace(agents: readonly string[], root = freshRoot(agents)): string {
  onTestFinished(async () => {
    await endWorker(root, "SIGTERM");
  });
  return root;
}

/** Sends the signal to the workspace's worker, if one runs, and waits until it is gone. */
export async function endWorker(root: string, signal: NodeJS.Signals): Promise<number | null> {
  const pid = await runningWorker(root);
  if (pid === null) return null;
  process.kill(pid, signal);
  await until(`worker ${pid} is gone`, () => !isAlive(pid), 15_000, 2);
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** A worker started by this very process stays in the process table until node has reaped it. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

/** The lines of the worker's log that tell of this event. */
export function logged(root: string, event: string): readonly string[] {
  const lines = readFileSync(join(root, "runtime/worker.log"), "utf8").split("\n");
  return lines.filter((line) => line.split(" ")[1] === event);
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. */
export function swarm(
  root: string,
  args: readonly string[],
  onStart?: (child: ChildProcess) => void,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SWARM, ...args, "--root", root], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (out.stderr += text));
    child.on("error", reject).on("close", (code) => resolve({ code, ...out }));
    onStart?.(child);
  });
}
