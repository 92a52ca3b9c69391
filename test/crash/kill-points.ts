/** Runs the command under strace, which kills it just before one of its system calls. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");

/** The `nth` call of this name that the program's main thread makes, from 1. Node's own threads touch no file of ours. */
export interface KillPoint {
  readonly call: string;
  readonly nth: number;
}

/** One of a run that was watched to its end. */
export interface SeenPoint extends KillPoint {
  /** The call as strace shows it, cut short. */
  readonly shown: string;
}

export interface Run {
  readonly root: string;
  readonly args: readonly string[];
}

export interface KilledRun {
  /** False: the run ended before it came to the point. */
  readonly isHit: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls that read or change files, or carry commands to other programs. */
const CALLS =
  "openat,open,creat,read,pread64,write,writev,pwrite64,close,lseek,fcntl,ioctl,stat,lstat,fstat,newfstatat,statx," +
  "readlink,access,getcwd,getdents64,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,unlink,unlinkat,rmdir," +
  "fsync,fdatasync,ftruncate,truncate,chmod,fchmod,flock,socket,bind,connect,sendto,sendmsg,inotify_add_watch,clone,vfork";

/** A call that leaves something changed: in the workspace, at another program, or on standard output. */
const CHANGES: readonly RegExp[] = [
  /^(openat|open)\(.*O_(WRONLY|RDWR|CREAT)/,
  /^(mkdir|rename|link|symlink|unlink|rmdir|truncate|chmod|fsync|fdatasync|ftruncate|fchmod|bind)/,
  /^(write|writev|pwrite64)\(\d+<\//,
];
/** To a program that was started, and to whoever reads the output. */
const TO_OTHERS = /^(write|writev|sendto|sendmsg)\((\d+<(socket|UNIX|pipe)|[12]<)/;

/** The points of one whole run: all of them, or only those before which something has changed. */
export async function recordPoints(
  run: Run,
  which: "all" | "changes",
): Promise<{ readonly points: readonly SeenPoint[]; readonly counts: ReadonlyMap<string, number> }> {
  const folder = mkdtempSync(join(tmpdir(), "swk-"));
  try {
    const log = join(folder, "calls");
    const ended = await strace(run, ["-y", "-o", log, "-e", `trace=${CALLS}`]);
    if (ended.isHit) throw new Error(`the recorded run was killed: ${ended.stderr}`);
    return pointsIn(readFileSync(log, "utf8"), run.root, which);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pointsIn(log: string, root: string, which: "all" | "changes") {
  const counts = new Map<string, number>();
  const points: SeenPoint[] = [];
  for (const line of log.split("\n")) {
    const call = /^(\w+)\(/.exec(line)?.[1];
    if (call === undefined) continue;
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    const isChange = line.includes(root) && CHANGES.some((change) => change.test(line));
    if (which === "all" || isChange || TO_OTHERS.test(line)) points.push({ call, nth, shown: line });
  }
  return { points, counts };
}

/** Kills the run at this point. What it has started itself lives on. */
export function runKilledAt(run: Run, { call, nth }: KillPoint): Promise<KilledRun> {
  return strace(run, [
    "-o",
    "/dev/null",
    "-e",
    `trace=${call}`,
    "-e",
    `inject=${call}:signal=KILL:when=${nth}`,
  ]);
}

/** The whole run, with each call of this name lasting so long: as on a machine that has others to serve. */
export function runSlowedAt(run: Run, call: string, delay: string): Promise<KilledRun> {
  return strace(run, ["-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${call}:delay_exit=${delay}`]);
}

function strace({ root, args }: Run, options: readonly string[]): Promise<KilledRun> {
  const command = [process.execPath, COMMAND, ...args];
  const child = spawn("strace", ["-qq", ...options, ...command], {
    cwd: root,
    // The mark by which a workspace finds its programs.
    env: { ...process.env, SWARM_AGENT: "tester", SWT_WORKSPACE: root },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (out.stderr += text));
  return new Promise((done, reject) => {
    // It ends with the signal that ended its program. Not "close": a worker in the background may keep the pipes.
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      const isHit = signal === "SIGKILL";
      const drained = setTimeout(finish, 200);
      child.on("close", finish);
      function finish() {
        clearTimeout(drained);
        if (isHit || code === 0) done({ isHit, ...out });
        else reject(new Error(`swarm ${args.join(" ")}: exit ${code}\n${out.stdout}\n${out.stderr}`));
      }
    });
  });
}
