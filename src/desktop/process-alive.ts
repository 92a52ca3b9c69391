/** Whether a process is still the one that it was: process ids are used again, start times are not. */
import { readFileSync } from "node:fs";

/** When the process started, in the kernel's own count; null where it can't be told (not Linux, or no such process). */
export function processStart(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

/** False for dead, replaced and stopped processes: none of them will act on its turn. `start` "0": not known. */
export function isAlive(pid: number, start: string): boolean {
  if (process.platform !== "linux") {
    try {
      process.kill(pid, 0);
      return true;
    } catch (cause) {
      return (cause as NodeJS.ErrnoException).code === "EPERM";
    }
  }
  const fields = statFields(pid);
  if (!fields) return false;
  const [state] = fields;
  if (state === "Z" || state === "X" || state === "T" || state === "t") return false;
  return start === "0" || fields[19] === start;
}

/** True when the process has ended for good; a stopped one has not. */
export function isGone(pid: number, start: string): boolean {
  if (process.platform !== "linux") return !isAlive(pid, start);
  const fields = statFields(pid);
  return !fields || fields[0] === "Z" || fields[0] === "X" || (start !== "0" && fields[19] !== start);
}

/** Fields of `/proc/PID/stat` from the state on; the name before may hold blanks and brackets. */
function statFields(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
