import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { until } from "../desktop-fixture/until.ts";
import { checkOutput } from "./output-schema.ts";

const COMMAND = resolve(import.meta.dirname, "../../bin/swarm.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
}

/** A workspace in a folder of its own, and the real command in it. */
export interface Workspace {
  readonly root: string;
  /** Runs the command in the workspace to its end. */
  swarm(args: readonly string[], options?: CallOptions): Promise<Ended>;
  /** The same with `--json`; returns the object that it printed. */
  json<T>(args: readonly string[], options?: CallOptions): Promise<T>;
  writeConfig(config: object): void;
  /** Process ids of the worker, its driver, and all other programs that were started from here and still run. */
  processes(): readonly number[];
  workerPid(): Promise<number | null>;
  inboxFiles(agent: string): readonly string[];
  path(...parts: readonly string[]): string;
  /** Kills what still runs and removes the folder. */
  remove(): Promise<void>;
}

export interface WorkspaceOptions {
  /** Names of agents whose workspaces are made. */
  readonly agents?: readonly string[];
  readonly config?: object;
  /** Where the workspace is made; default: the folder for temporary files. */
  readonly parent?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export function createWorkspace(options: WorkspaceOptions = {}): Workspace {
  const { agents = [], config, parent = tmpdir(), env = {} } = options;
  const root = mkdtempSync(join(parent, "ws-"));
  const path = (...parts: readonly string[]) => join(root, ...parts);
  for (const agent of agents) mkdirSync(path("agent_workspaces", agent, "inbox"), { recursive: true });
  if (agents.length === 0) mkdirSync(path("agent_workspaces"));
  // The mark by which the programs of this workspace are found again, also after their parents have ended.
  const mark = `SWT_WORKSPACE=${root}`;
  const base = { ...process.env, SWARM_AGENT: "tester", ...env, SWT_WORKSPACE: root };

  const workspace: Workspace = {
    root,
    path,
    swarm: (args, options = {}) =>
      call(args, { input: "", cwd: root, ...options, env: { ...base, ...options.env } }),
    async json<T>(args: readonly string[], options: CallOptions = {}) {
      const ended = await workspace.swarm([...args, "--json"], options);
      const printed = parsed(ended.stdout);
      if (printed === undefined)
        throw new Error(
          `no JSON from swarm ${args.join(" ").slice(0, 200)}: exit ${ended.code}\n${ended.stdout}\n${ended.stderr}`,
        );
      checkOutput(args, printed);
      return printed as T;
    },
    writeConfig: (value) => writeFileSync(path("swarm.json"), JSON.stringify(value, null, 2)),
    processes: () => markedProcesses(mark),
    async workerPid() {
      const status = await workspace.json<{ worker: { running: boolean; pid: number | null } }>(["status"]);
      return status.worker.running ? status.worker.pid : null;
    },
    inboxFiles: (agent) =>
      listed(path("agent_workspaces", agent, "inbox")).map((name) =>
        path("agent_workspaces", agent, "inbox", name),
      ),
    async remove() {
      await until("its programs have ended", () => {
        const running = markedProcesses(mark);
        for (const pid of running) kill(pid, "SIGKILL");
        return running.length === 0;
      });
      removeFolder(root);
    },
  };
  if (config) workspace.writeConfig(config);
  return workspace;
}

/** Sends a signal to a process that may have ended. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

function call(args: readonly string[], options: Required<CallOptions>): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: options.cwd, env: options.env });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A command that does not read its input ends before it is written.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input);
  return new Promise((done, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      done({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

function markedProcesses(mark: string): readonly number[] {
  if (process.platform !== "linux") return [];
  return listed("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => environmentOf(pid).includes(mark))
    .map(Number);
}

function environmentOf(pid: string): readonly string[] {
  try {
    // Empty for one that has ended and waits for its parent.
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name !== ".gitkeep");
  } catch {
    return [];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
