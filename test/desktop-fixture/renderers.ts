import { readdirSync, readFileSync } from "node:fs";
import { run } from "./children.ts";
import type { Stage } from "./stage.ts";

const LONGEST_RUN_MS = 250;
const LONGEST_STOP_MS = 150;

/** The processes in which the pages of a window's browser run. */
export async function renderersOf(stage: Stage, window: string): Promise<readonly number[]> {
  const property = await run("xprop", ["-id", window, "_NET_WM_PID"], { env: stage.desktop.env });
  const browser = /\d+$/.exec(property?.trim() ?? "")?.[0];
  const isChild = (pid: string): boolean => {
    const parent = /^PPid:\s+(\d+)$/m.exec(procFile(pid, "status"))?.[1];
    return parent !== undefined && parent !== "0" && (parent === browser || isChild(parent));
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => procFile(pid, "cmdline").includes("--type=renderer") && isChild(pid))
    .map(Number);
}

function procFile(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** Stops and continues the processes again and again, for random times, until the returned function is called. */
export function stutter(pids: readonly number[]): () => void {
  let timer: NodeJS.Timeout | undefined;
  const goOn = () => {
    for (const pid of pids) process.kill(pid, "SIGCONT");
    timer = setTimeout(stop, Math.random() * LONGEST_RUN_MS);
  };
  const stop = () => {
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    timer = setTimeout(goOn, Math.random() * LONGEST_STOP_MS);
  };
  goOn();
  return () => {
    clearTimeout(timer);
    for (const pid of pids) process.kill(pid, "SIGCONT");
  };
}
