// What a test run left behind: processes that carry its mark in their environment, and entries of its temporary folder.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** How long processes that are ending may take, in milliseconds. */
const GRACE_MS = 5000;

/** @returns {Promise<{ pid: number, command: string }[]>} processes of the run marked `SWT_RUN=mark` that do not end by themselves. */
export async function leakedProcesses(mark) {
  const deadline = Date.now() + GRACE_MS;
  for (;;) {
    const found = markedProcesses(mark);
    if (found.length === 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ends the processes found by `leakedProcesses`. */
export function endLeaked(processes) {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** @returns {string[]} full paths of what lies in the folder. */
export function leakedFiles(folder) {
  return readdirSync(folder).map((name) => join(folder, name));
}

function markedProcesses(mark) {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readProc(pid, "environ").split("\0").includes(`SWT_RUN=${mark}`))
    .map((pid) => ({
      pid: Number(pid),
      command: readProc(pid, "cmdline").replaceAll("\0", " ").slice(0, 200),
    }))
    .filter(({ command }) => command !== "");
}

function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
