/** A worker as a process whose memory is looked at while it works. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Workspace } from "../e2e/workspace.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");
const SAMPLE_EVERY_MS = 50;

export interface Watched {
  readonly child: ChildProcess;
  /** Resident megabytes, one after the other, from its start to its end. */
  readonly megabytes: readonly number[];
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** Ends with the workspace, at the latest. */
export function startWatched({ root }: Workspace, ...args: readonly string[]): Watched {
  const child = spawn(process.execPath, [COMMAND, "worker", ...args], {
    cwd: root,
    env: { ...process.env, SWT_WORKSPACE: root },
    stdio: "ignore",
  });
  const megabytes: number[] = [];
  const timer = setInterval(() => {
    const now = residentMegabytes(child.pid ?? 0);
    if (now !== null) megabytes.push(now);
  }, SAMPLE_EVERY_MS);
  const ended = new Promise<number | null>((done) => {
    child.on("exit", (code) => {
      clearInterval(timer);
      done(code);
    });
  });
  return { child, megabytes, ended };
}

/** Null where it has ended. */
function residentMegabytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}
