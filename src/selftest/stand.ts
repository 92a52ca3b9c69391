/** A workspace of the selftest's own in a temporary folder, with the real command in it, and nothing left of it afterwards. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sent } from "./judge.ts";
import { kill, type OwnProcess, ownProcesses } from "./own-processes.ts";
import { contentOf, listed } from "./read-files.ts";
import { removeAll } from "./remove-all.ts";
import { type Ended, type Outgoing, runToEnd, SENDER, sentOf } from "./swarm-process.ts";
import { within } from "./until.ts";

export interface Stand {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Of the user, without settings of swarm's, and with the mark by which its processes are found again. */
  readonly env: NodeJS.ProcessEnv;
  /** False: what has not begun by now would not end within the minute. */
  isTimeLeft(): boolean;
  /** Numbers from 0 on, one at least, and up to `most` of them while the run is no older than `beforeS` seconds. */
  rounds(most: number, beforeS?: number): Iterable<number>;
  /** A word that stands in one text only. */
  mark(): string;
  /** True for texts of this selftest. */
  isOwn(text: string): boolean;
  /** Runs `swarm send` as a process of its own. */
  send(message: Outgoing): Promise<Sent>;
  /** What has become of it by now, by `swarm status`. */
  follow(message: Outgoing, sent: Sent): Promise<Sent>;
  /** What the worker is doing right now: each message under way with its last step, as on disk. */
  underWay(): readonly UnderWay[];
  worker(): OwnProcess | null;
  /** Asks the worker to end at a safe point, and waits; no driver is left afterwards either. */
  endWorker(): Promise<void>;
  /** What an attempt that was cut off had found on the desktop is put back by the next command that looks at it. */
  putBack(): Promise<void>;
  /** Ends what still runs, and removes the folder. */
  remove(): void;
}

export interface UnderWay {
  readonly step: string;
  /** Of the worker that has it. */
  readonly pid: number | null;
}

export interface StandOptions {
  /** The command, as a user runs it. */
  readonly swarmPath: string;
  /** The built janitor. */
  readonly janitorPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const SEND_MS = 20_000;
/** The whole run is to take less than a minute: rounds after the first begin before this time, unless told otherwise, */
const MORE_BEFORE_S = 24;
/** checks before this one, */
const BEGIN_BEFORE_MS = 40_000;
/** and messages have ended by this one. */
const SENT_BY_MS = 54_000;
const LEAST_MS = 1_000;
/** Its driver gives the clipboard away first. */
const WORKER_END_MS = 20_000;
const PUT_BACK_MS = 10_000;
/**
 * Tried soon again and more often: what disturbs here is over in a second. An attempt that waits for a person to pause
 * ends, and says so, before the message is given up.
 */
const DELIVERY = {
  attempts: 6,
  backoff: { initial: "100ms", factor: 1.5, max: "1s" },
  attemptTimeout: "12s",
};

/** Throws the system's error where nothing can be written. */
export function makeStand({ swarmPath, janitorPath, env, signal }: StandOptions): Stand {
  // The real path: programs tell it in their command lines.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "swarm-selftest-")));
  startJanitor(janitorPath, folder);
  mkdirSync(join(folder, "agent_workspaces"));
  // As many as there are processes that send at once, each of which ends with it.
  setMaxListeners(0, signal);
  const own = { ...withoutSettings(env), SWARM_SELFTEST: folder };
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;
  const run = randomBytes(3).toString("hex");
  let count = 0;
  const swarm = (args: readonly string[], input: string): Promise<Ended> => {
    signal.throwIfAborted();
    const words = [swarmPath, ...args, "--root", folder];
    return runToEnd(process.execPath, words, input, { cwd: folder, env: own, signal });
  };
  const stand: Stand = {
    folder,
    signal,
    env: own,
    isTimeLeft: () => elapsedMs() < BEGIN_BEFORE_MS,
    *rounds(most, beforeS = MORE_BEFORE_S) {
      for (let i = 0; i < most && (i === 0 || elapsedMs() < beforeS * 1_000); i++) yield i;
    },
    mark: () => `${run}-${String(++count).padStart(3, "0")}`,
    isOwn: (text) => text.includes(run),
    async send(message) {
      const words = ["send", message.recipient, "-", "--json", "--from", SENDER];
      const leftMs = Math.max(LEAST_MS, Math.round(SENT_BY_MS - elapsedMs()));
      const timeout = ["--timeout", `${Math.min(message.timeoutMs ?? SEND_MS, leftMs)}ms`];
      const raw = message.isRaw ? ["--raw"] : [];
      return sentOf(message, await swarm([...words, ...timeout, ...raw], message.body));
    },
    async follow(message, sent) {
      return sent.id === null ? sent : sentOf(message, await swarm(["status", sent.id, "--json"], ""));
    },
    underWay: () => underWay(folder),
    worker: () => ownProcesses(folder).find(({ command }) => isWorker(command)) ?? null,
    async endWorker() {
      const asked = new Set<number>();
      await within(WORKER_END_MS, new AbortController().signal, () => hasEnded(folder, asked));
      for (const { pid, command } of ownProcesses(folder)) if (isSwarm(command)) kill(pid, "SIGKILL");
    },
    async putBack() {
      const options = { cwd: folder, env: own, signal: AbortSignal.timeout(PUT_BACK_MS) };
      const args = [swarmPath, "doctor", "--root", folder];
      await runToEnd(process.execPath, args, "", options).catch(() => undefined);
    },
    remove: () => removeAll(folder),
  };
  return stand;
}

/** `agents`: as in swarm.json. */
export function configure({ folder }: Stand, agents: Readonly<Record<string, object>>): void {
  writeFileSync(join(folder, "swarm.json"), JSON.stringify({ agents, delivery: DELIVERY }, null, 2));
}

/** In a session of its own, so that what ends the selftest does not end it. Killed with the rest where all goes well. */
function startJanitor(path: string, folder: string): void {
  const janitor = spawn(process.execPath, [path, folder], {
    ...{ cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] },
  });
  janitor.on("error", () => undefined); // the selftest cleans up itself, too
  janitor.stdin.on("error", () => undefined);
  janitor.unref();
}

/**
 * Settings of the user's workspaces, and the session of tmux that this may run in, play no part here; more certificates
 * only make each start of node slower.
 */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isLeftOut = (name: string) => /^(?:SWARM_|TMUX|NODE_EXTRA_CA_CERTS$)/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isLeftOut(name)));
}

/**
 * True when no sender and no worker is left. A sender that waits would start the next worker; a worker is asked once, for
 * the second signal would end it in the middle.
 */
function hasEnded(folder: string, asked: Set<number>): boolean {
  const own = ownProcesses(folder);
  const workers = own.filter(({ command }) => isWorker(command));
  const senders = own.filter(({ command }) => isSender(command));
  for (const { pid } of senders) kill(pid, "SIGKILL");
  for (const { pid } of workers) {
    if (!asked.has(pid)) kill(pid, "SIGTERM");
    asked.add(pid);
  }
  return senders.length + workers.length === 0;
}

function isSender(command: string): boolean {
  return / (?:send|status) .* --root /.test(command);
}

function isWorker(command: string): boolean {
  return / worker --background --root /.test(command);
}

function isSwarm(command: string): boolean {
  return isWorker(command) || /\bdriver\.cjs\b/.test(command);
}

function underWay(folder: string): readonly UnderWay[] {
  const active = join(folder, "runtime", "queue", "active");
  return listed(active).map((file) => {
    const events = contentOf(join(active, file));
    const step = [...events.matchAll(/^\{"type":"(\w+)"/gm)].at(-1)?.[1] ?? "";
    const pid = [...events.matchAll(/^\{"type":"claimed".*"pid":(\d+)/gm)].at(-1)?.[1];
    return { step, pid: pid === undefined ? null : Number(pid) };
  });
}
