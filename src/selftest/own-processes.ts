/** The processes of this selftest, whoever started them: those that carry the name of its folder. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface OwnProcess {
  readonly pid: number;
  readonly command: string;
}

const PS_TIMEOUT_MS = 3_000;

/** `folder` has a name that no other has. On Linux the environment counts as well, which children inherit. */
export function ownProcesses(folder: string): readonly OwnProcess[] {
  const all = process.platform === "linux" ? procList(folder) : psList();
  return all.filter(
    ({ pid, command, isMarked }) => pid !== process.pid && (isMarked || command.includes(folder)),
  );
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

interface Listed extends OwnProcess {
  readonly isMarked: boolean;
}

function procList(folder: string): readonly Listed[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      command: readProc(name, "cmdline").replaceAll("\0", " "),
      isMarked: readProc(name, "environ").includes(folder),
    }));
}

/** Empty for other people's processes, and those that have ended. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function psList(): readonly Listed[] {
  const { stdout } = spawnSync("ps", ["-axww", "-o", "pid=,command="], {
    encoding: "utf8",
    timeout: PS_TIMEOUT_MS,
  });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [, pid, command = ""] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), command, isMarked: false }];
  });
}
