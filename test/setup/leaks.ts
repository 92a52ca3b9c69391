/** What a test run left behind: processes that carry its mark in their environment, and entries of its temporary folder. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export interface Leaked {
  readonly pid: number;
  readonly command: string;
}

/** Processes with `mark` (`NAME=value`) in their environment that have not ended by themselves within `graceMs`. */
export async function leakedProcesses(mark: string, graceMs: number): Promise<readonly Leaked[]> {
  const deadline = performance.now() + graceMs;
  for (;;) {
    const found = markedProcesses(mark);
    if (found.length === 0 || performance.now() > deadline) return found;
    await delay(50);
  }
}

export function endLeaked(processes: readonly Leaked[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

function markedProcesses(mark: string): readonly Leaked[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readProc(pid, "environ").split("\0").includes(mark))
    .map((pid) => ({
      pid: Number(pid),
      command: readProc(pid, "cmdline").replaceAll("\0", " ").slice(0, 200),
    }));
}

/** Empty for a process that has ended, also while it waits for its parent. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
