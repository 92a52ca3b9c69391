/** A tmux server of the test's own, with panes in which fake agents run. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { removeAll } from "../../src/selftest/remove-all.ts";
import { until } from "../desktop-fixture/until.ts";

export interface AgentLog {
  readonly at: number;
  readonly started?: number;
  readonly submitted?: string;
  readonly dialog?: string;
  readonly key?: string;
  readonly text?: string;
}

export interface AgentPane {
  /** `session:window.pane`. */
  readonly target: string;
  readonly log: () => readonly AgentLog[];
  readonly submitted: () => readonly string[];
  /** Opens a dialog, or answers the one that is open. */
  readonly signalDialog: () => void;
  readonly screen: () => string;
  /** Of the agent itself, whatever has its terminal. */
  readonly pid: () => number;
  readonly isRunning: () => boolean;
  /** From the shell that its end has left in front. */
  readonly startAgain: () => void;
  /** Keys as a person would press them. */
  readonly keys: (...keys: readonly string[]) => void;
}

export interface TmuxServer {
  /** For `-S`. */
  readonly socket: string;
  readonly folder: string;
  run(...args: readonly string[]): string;
  /** The same for a command that may start the server, which would keep the pipes of its output open. */
  start(args: readonly string[]): void;
  /** A fake agent in a session of its own. `inShell`: started from a shell, as people do. */
  agent(name: string, options?: AgentOptions): Promise<AgentPane>;
  stop(): void;
}

export interface AgentOptions {
  readonly faults?: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  readonly inShell?: boolean;
}

const AGENT = resolve(import.meta.dirname, "../../src/selftest/fake-agent.ts");

export function startTmux(): TmuxServer {
  const folder = mkdtempSync(join(tmpdir(), "swt-"));
  const socket = join(folder, "tmux");
  const program = join(folder, "fake-agent.cjs");
  buildSync({ entryPoints: [AGENT], outfile: program, bundle: true, platform: "node", format: "cjs" });
  // Where the user's own environment and configuration play no part.
  const env = { PATH: process.env["PATH"], HOME: folder, LANG: "C.UTF-8", TERM: "xterm-256color" };
  const run = (...args: readonly string[]) =>
    execFileSync("tmux", ["-u", "-S", socket, "-f", "/dev/null", ...args], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 10_000,
    });

  const start = (args: readonly string[]) => {
    spawnSync("tmux", ["-u", "-S", socket, "-f", "/dev/null", ...args], {
      env: { ...env, PS1: "$ " },
      stdio: "ignore",
      timeout: 10_000,
    });
  };

  return {
    socket,
    folder,
    run,
    start,
    async agent(name, { faults = [], columns = 100, rows = 30, inShell = false } = {}) {
      const logPath = join(folder, `${name}.log`);
      const words = [process.execPath, program, logPath, ...faults];
      const size = ["-x", String(columns), "-y", String(rows)];
      const command = inShell ? ["bash", "--norc"] : words;
      // In a folder of their own: what a shell there executes shows in it.
      start(["new-session", "-d", "-s", name, "-c", folder, ...size, ...command]);
      // A person takes away first what an agent that ended has left at the prompt.
      const startAgain = () =>
        void run("send-keys", "-t", `=${name}:`, "C-u", words.map((word) => `'${word}'`).join(" "), "Enter");
      if (inShell) startAgain();
      const log = () => readLog(logPath);
      await until(`the fake agent ${name} runs`, () => log().some(({ started }) => started !== undefined));
      await until(`the fake agent ${name} is drawn`, () =>
        /Ready|Yes/.test(run("capture-pane", "-p", "-t", `=${name}:`)),
      );
      const pid = () => log().findLast(({ started }) => started !== undefined)?.started ?? 0;
      return {
        target: `${name}:0.0`,
        log,
        submitted: () => log().flatMap(({ submitted }) => submitted ?? []),
        signalDialog: () => {
          if (isRunning(pid())) process.kill(pid(), "SIGUSR1");
        },
        pid,
        isRunning: () => isRunning(pid()),
        startAgain,
        screen: () => run("capture-pane", "-p", "-t", `=${name}:`),
        keys: (...keys) => void run("send-keys", "-t", `=${name}:`, ...keys),
      };
    },
    stop() {
      spawnSync("tmux", ["-S", socket, "kill-server"], { stdio: "ignore", timeout: 10_000 });
      // Real agents start services that outlive their terminal, and write on in the folder, which is their home.
      removeAll(folder);
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function readLog(path: string): readonly AgentLog[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AgentLog);
  } catch {
    return [];
  }
}
