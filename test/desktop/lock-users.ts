import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";

/** Processes that use the lock of one desktop, which nobody else does. */
export interface LockUsers {
  readonly folder: string;
  readonly display: string;
  start(purpose: string): Promise<LockUser>;
  stop(): Promise<void>;
}

export interface LockUser {
  readonly pid: number;
  /** Says a line of `lock-user.ts` and gives its answer. */
  tell(line: string): Promise<unknown>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
}

export function lockUsers(): LockUsers {
  const folder = mkdtempSync(join(tmpdir(), "lock-"));
  // The kernel's lock is named after the display alone: a name that no other test has.
  const display = `:${folder.slice(-6)}`;
  const children: ChildProcess[] = [];
  const program = join(folder, "lock-user.mjs");
  build(program);
  return {
    folder,
    display,
    async start(purpose) {
      const child = spawn(process.execPath, [program, folder, display, purpose], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      children.push(child);
      const user = lockUser(child);
      await user.tell("");
      return user;
    },
    async stop() {
      await Promise.all(children.map(kill));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As one file, which starts in a third of the time: there are up to fifty of them. */
function build(outfile: string): void {
  const entryPoints = [resolve(import.meta.dirname, "lock-user.ts")];
  const banner = {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  };
  const how = { bundle: true, platform: "node", format: "esm", logLevel: "error" } as const;
  buildSync({ entryPoints, outfile, banner, ...how });
}

function lockUser(child: ChildProcess): LockUser {
  if (!child.stdout || child.pid === undefined) throw new Error("the process did not start");
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { pid } = child;
  return {
    pid,
    async tell(line) {
      if (line !== "") child.stdin?.write(`${line}\n`);
      const answer = await answers.next();
      if (answer.done) throw new Error(`process ${pid} ended instead of answering to "${line}"`);
      return JSON.parse(answer.value);
    },
    signal: (signal) => void process.kill(pid, signal),
    kill: () => kill(child),
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
