/** A tmux server of the selftest's own: its socket lies in the temporary folder, and the user's configuration plays no part. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentOf } from "./read-files.ts";
import type { Stand } from "./stand.ts";
import { ready } from "./until.ts";

/** Longest path of a socket that every system takes. */
const SOCKET_BYTES = 100;

/** One line of the fake agent's log. */
interface Logged {
  readonly started?: number;
  readonly submitted?: string;
  readonly dialog?: string;
}

export interface FakeAgent {
  /** Every text that was submitted to it, in order: its own log. */
  submitted(): readonly string[];
  /** Keys and pastes that fell into a dialog of its. */
  intoDialogs(): number;
  /** Opens a dialog, or answers the one that is open as a person would. */
  signalDialog(): void;
}

export interface TmuxServer {
  /** `faults`: as the fake agent knows them. */
  agent(name: string, ...faults: readonly string[]): Promise<FakeAgent>;
  shell(name: string): Promise<void>;
  /** Keys as a person would press them. */
  keys(name: string, ...keys: readonly string[]): void;
  screen(name: string): string;
  stop(): void;
}

/** A shell that looks like an agent: many people have such a prompt. Shells read it at their start, from a file that ENV names. */
const SHELL_START = "PS1='> '\n";
const STARTS_MS = 15_000;
const CALL_MS = 10_000;

/** Null, or why there can be none. */
function tmuxMissing(env: NodeJS.ProcessEnv): string | null {
  const { error, status } = spawnSync("tmux", ["-V"], { env, stdio: "ignore", timeout: CALL_MS });
  if (error && "code" in error && error.code === "ENOENT") return "tmux is not installed";
  return status === 0 ? null : "tmux does not run (see: tmux -V)";
}

export function socketIn(folder: string): string {
  return join(folder, "tmux");
}

/** What is missing, and what to do about it; null: nothing is. */
export function whyNoTmux({ folder, env }: Stand): readonly [string, string] | null {
  const missing = tmuxMissing(env);
  if (missing !== null) return [missing, "install tmux, and try again"];
  if (Buffer.byteLength(socketIn(folder)) > SOCKET_BYTES)
    return [
      `the temporary folder ${folder} has too long a path for a socket`,
      "try: TMPDIR=/tmp swarm selftest",
    ];
  return null;
}

/** `agentPath`: the built fake agent. */
export function startTmux({ folder, signal }: Stand, agentPath: string): TmuxServer {
  const socket = socketIn(folder);
  const shellStart = join(folder, "shell-start");
  writeFileSync(shellStart, SHELL_START);
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    ENV: shellStart,
  };
  const tmux = (...args: readonly string[]) =>
    spawnSync("tmux", ["-u", "-S", socket, "-f", "/dev/null", ...args], {
      ...{ cwd: folder, env, encoding: "utf8", timeout: CALL_MS },
      // What may start the server must not give it pipes to keep open.
      stdio: ["ignore", args[0] === "new-session" ? "ignore" : "pipe", "ignore"],
    }).stdout ?? "";
  const session = (name: string, command: readonly string[]) =>
    void tmux("new-session", "-d", "-s", name, "-c", folder, "-x", "100", "-y", "24", ...command);
  const screen = (name: string) => tmux("capture-pane", "-p", "-t", `=${name}:`);
  return {
    screen,
    async agent(name, ...faults) {
      const path = join(folder, `${name}.log`);
      session(name, [process.execPath, agentPath, path, ...faults]);
      const log = () => logged(path);
      await ready(`the fake agent ${name}`, STARTS_MS, signal, () => log().length > 0);
      return {
        submitted: () => log().flatMap(({ submitted }) => submitted ?? []),
        intoDialogs: () => log().filter(({ dialog }) => dialog === "key" || dialog === "pasted into").length,
        signalDialog() {
          const pid = log().findLast(({ started }) => started !== undefined)?.started;
          if (pid !== undefined) process.kill(pid, "SIGUSR1");
        },
      };
    },
    async shell(name) {
      session(name, ["sh"]);
      await ready("a shell", STARTS_MS, signal, () => screen(name).trim() === ">");
    },
    keys: (name, ...keys) => void tmux("send-keys", "-t", `=${name}:`, ...keys),
    stop: () => void tmux("kill-server"),
  };
}

function logged(path: string): readonly Logged[] {
  const lines = contentOf(path).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Logged);
}
