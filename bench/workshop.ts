/** Workspaces, processes and times for the rows. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const SWARM = resolve(import.meta.dirname, "../bin/swarm.js");
/** On the disk on which the project lies: folders for temporary files may be in memory. */
const SCRATCH = resolve(import.meta.dirname, "../runtime");

export interface Bench {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

export interface BenchOptions {
  readonly agents?: readonly string[];
  readonly config?: object;
  readonly env?: NodeJS.ProcessEnv;
  /** Default: on disk. */
  readonly parent?: string;
}

export function openBench(options: BenchOptions = {}): Bench {
  const parent = options.parent ?? SCRATCH;
  mkdirSync(parent, { recursive: true });
  const root = mkdtempSync(join(parent, "bench-"));
  mkdirSync(join(root, "agent_workspaces"));
  for (const agent of options.agents ?? ["Agent-1"]) mkdirSync(join(root, "agent_workspaces", agent));
  if (options.config) writeFileSync(join(root, "swarm.json"), JSON.stringify(options.config));
  return {
    root,
    env: { ...process.env, SWARM_AGENT: "bench", ...options.env },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Milliseconds of a whole process. Throws when it fails. */
export function processMs(args: readonly string[], { root, env }: Pick<Bench, "root" | "env">): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ms = performance.now() - startedAt;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${String(stderr)}`);
  return ms;
}

/** A worker in the foreground, ready to deliver. */
export async function startWorker({
  root,
  env,
}: Bench): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [SWARM, "worker"], { cwd: root, env, stdio: "ignore" });
  await ready({ root, env });
  return {
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await ended(child);
    },
  };
}

async function ready(bench: Pick<Bench, "root" | "env">): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { stdout } = spawnSync(process.execPath, [SWARM, "status", "--json"], {
      cwd: bench.root,
      env: bench.env,
      encoding: "utf8",
    });
    if ((JSON.parse(stdout) as { worker: { running: boolean } }).worker.running) return;
    await sleep(25);
  }
  throw new Error("the worker did not start");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
