/**
 * What commands need of the worker: that one runs, and to hear how messages end.
 *
 * A sender commits first and connects then. When a connection is made, the worker scans after that moment, even when it
 * is about to end; when none is made, a worker that starts from now on scans. So no message falls between.
 */
import { isFinished, type MessageState } from "../domain/status.ts";
import type { Outbox } from "../ports/store.ts";
import { startWorker } from "./start-worker.ts";
import { LONGEST_TIMER_MS } from "./system-world.ts";
import { connectToWorker, type WorkerConnection } from "./worker-connection.ts";
import { isPipeHeld } from "./worker-pipe.ts";

/** Sees to it that a worker delivers what was accepted before this call; does not wait for it. `env`: of one that is started, default this process's. */
export async function ensureWorker(root: string, env?: NodeJS.ProcessEnv): Promise<void> {
  const isHeld = isPipeHeld(root);
  if (isHeld) return; // it watches the queue's folders
  if (isHeld === false) return startWorker(root, env);
  const connection = await connectToWorker(root);
  if (!connection) return startWorker(root, env);
  connection.send({ op: "hint" });
  connection.end();
}

/** The process id of the workspace's worker, or null when none runs. */
export async function runningWorker(root: string): Promise<number | null> {
  const connection = await connectToWorker(root);
  if (!connection) return null;
  const pid = await new Promise<number | null>((resolve) => {
    connection.onReply((reply) => resolve(reply.op === "worker" ? reply.pid : null));
    connection.send({ op: "who" });
    const timer = setTimeout(() => resolve(null), WHO_MS);
    void connection.closed.then(() => {
      clearTimeout(timer);
      resolve(null);
    });
  });
  connection.close();
  return pid;
}

export interface WaitOptions {
  readonly root: string;
  /** Of a worker that is started; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly outbox: Pick<Outbox, "find">;
  /** Milliseconds to wait at most. */
  readonly timeoutMs: number;
  /** True: some may have ended before (a key was used again). Costs a look into the spool for each. */
  readonly mayHaveEnded?: boolean;
  /** Aborted: stop waiting. */
  readonly signal?: AbortSignal;
  /** Told of each attempt that ended, and with it perhaps the message. */
  readonly onChange?: (id: string, state: MessageState) => void;
}

/**
 * Waits until these messages have ended, and starts a worker where none runs or the running one dies. Gives the state of
 * each: the last known one where time ran out, none where the message can't be found.
 */
export async function waitForEnd(
  ids: readonly string[],
  options: WaitOptions,
): Promise<ReadonlyMap<string, MessageState>> {
  const wait = new Wait(ids, options);
  if (options.mayHaveEnded) wait.lookIntoSpool();
  const timer = setTimeout(() => wait.giveUp(), Math.min(options.timeoutMs, LONGEST_TIMER_MS));
  const onAbort = () => wait.giveUp();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await wait.run();
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  }
  wait.lookIntoSpool();
  return wait.states;
}

const WHO_MS = 5000;
/** Between attempts to connect while a worker starts, in milliseconds; each longer than the one before. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;
/** A connection that lived no longer was refused, and the next one is tried after so many milliseconds. */
const REFUSED_MS = 100;
/** A worker that does not come up is started again after so many milliseconds, and then after twice as many, at most. */
const FIRST_RESTART_MS = 1000;
const LONGEST_RESTART_MS = 2_000;

class Wait {
  readonly states = new Map<string, MessageState>();
  readonly #pending: Set<string>;
  readonly #options: WaitOptions;
  readonly #over: Promise<void>;
  #giveUp: () => void = () => undefined;
  #isOver = false;

  constructor(ids: readonly string[], options: WaitOptions) {
    this.#pending = new Set(ids);
    this.#options = options;
    this.#over = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
    if (options.signal?.aborted) this.giveUp();
  }

  giveUp(): void {
    this.#isOver = true;
    this.#giveUp();
  }

  async run(): Promise<void> {
    while (this.#pending.size > 0 && !this.#isOver) {
      const connection = await this.#connect();
      if (!connection) return;
      const connectedAt = performance.now();
      await this.#watch(connection);
      // It ended before all messages did. What it still settled is in the spool.
      if (!this.#isOver) this.lookIntoSpool();
      // A worker that may open no more files closes it at once.
      const isRefused = this.#pending.size > 0 && performance.now() - connectedAt < REFUSED_MS;
      if (isRefused) await this.#pause(REFUSED_MS);
    }
  }

  /** Takes from the spool what became of those that are not known to have ended. */
  lookIntoSpool(): void {
    for (const id of this.#pending) {
      const state = this.#options.outbox.find(id)?.state;
      if (state) this.#take(id, state);
    }
  }

  /** Null when the time is over first. */
  async #connect(): Promise<WorkerConnection | null> {
    let pauseMs = FIRST_PAUSE_MS;
    let restartMs = FIRST_RESTART_MS;
    let startAt = 0;
    while (!this.#isOver) {
      const connection = await connectToWorker(this.#options.root);
      if (connection) return connection;
      if (performance.now() >= startAt) {
        startWorker(this.#options.root, this.#options.env);
        startAt = performance.now() + restartMs;
        restartMs = Math.min(LONGEST_RESTART_MS, 2 * restartMs);
      }
      await this.#pause(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, 1.5 * pauseMs);
    }
    return null;
  }

  async #pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([passed, this.#over]);
    clearTimeout(timer);
  }

  /** Until all have ended, the worker has, or the time is over. */
  async #watch(connection: WorkerConnection): Promise<void> {
    connection.onReply((reply) => {
      if (reply.op === "event" && this.#pending.has(reply.id)) this.#take(reply.id, reply.state);
      if (this.#pending.size === 0) connection.close();
    });
    connection.send({ op: "watch", ids: [...this.#pending] });
    await Promise.race([connection.closed, this.#over]);
    connection.close();
  }

  #take(id: string, state: MessageState): void {
    this.states.set(id, state);
    if (isFinished(state.status)) this.#pending.delete(id);
    this.#options.onChange?.(id, state);
  }
}
