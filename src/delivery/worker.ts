/**
 * The one worker of a workspace, from its lock to its end.
 *
 *   lock → listen → scan, then watch → (idle, drained, stopped) → stop listening → release → look once more
 *
 * Listening comes before the scan, so that a hint which comes during the scan causes another. At the end it is the other
 * way round: a sender commits first and looks for a worker then. Either it still reaches this one's socket, or its
 * message was there before the last look: the folders are looked at once more after the lock is free, and when anything
 * changed, the worker starts again.
 */
import type { Message } from "../domain/message.ts";
import { isFinished, type MessageState } from "../domain/status.ts";
import type { Log } from "../ports/log.ts";
import type { Spool } from "../ports/store.ts";
import { reasonOf } from "../support/reason-of.ts";
import type { AlertWatch } from "./alert-watch.ts";
import { Dispatcher, type DispatcherDeps } from "./dispatcher.ts";
import { EndedStates } from "./ended-states.ts";
import { Housekeeping } from "./housekeeping.ts";
import { WorkerSocket } from "./worker-socket.ts";

export interface WorkerLock {
  release(): void;
}

export interface WorkerDeps extends Omit<DispatcherDeps, "onLook"> {
  readonly spool: Spool;
  readonly log: Log;
  readonly socketPath: string;
  /** Takes the workspace's worker lock; null when another process holds it. */
  readonly tryLock: () => Promise<WorkerLock | null>;
  /** False when the workspace was removed: there is nothing left to work for. */
  readonly isWorkspaceThere: () => boolean;
  /** Called when it listens; what it returns is called when it stops listening. */
  readonly onListening: () => () => void;
  readonly alerts: Pick<AlertWatch, "start" | "look" | "mayEnd" | "stop">;
  /** Saves what was learned. */
  readonly flush: () => void;
}

export interface WorkerOptions {
  /** Ends after this many milliseconds without work; null: never. 0: as soon as nothing waits. */
  readonly idleMs: number | null;
  /** Aborted: end at the next safe point. */
  readonly stop: AbortSignal;
}

export type WorkerEnd = "already_running" | "idle" | "stopped" | "workspace_gone";

/** Delivers until one of its ends. Rejects only when it can't listen. */
export async function runWorker(deps: WorkerDeps, options: WorkerOptions): Promise<WorkerEnd> {
  for (;;) {
    const lock = await deps.tryLock();
    if (!lock) return "already_running";
    const shift = new Shift(deps, options);
    let end: WorkerEnd;
    try {
      end = await shift.run();
    } finally {
      lock.release();
    }
    if (end !== "idle" || shift.hasSeenAll()) return end;
    deps.log.write("starts_again", { pid: deps.pid });
  }
}

/** From taking the lock to giving it back. */
class Shift {
  readonly #deps: WorkerDeps;
  readonly #options: WorkerOptions;
  readonly #ended = new EndedStates();
  readonly #socket: WorkerSocket;
  readonly #dispatcher: Dispatcher;
  readonly #housekeeping: Housekeeping;
  #end: (why: WorkerEnd) => void = () => undefined;

  constructor(deps: WorkerDeps, options: WorkerOptions) {
    this.#deps = deps;
    this.#options = options;
    const onHint = () => this.#dispatcher.hint();
    const endOf = (id: string) => this.#ended.forGood(id);
    this.#socket = new WorkerSocket({ path: deps.socketPath, pid: deps.pid, onHint, endOf });
    this.#dispatcher = new Dispatcher({
      ...deps,
      onSettled: (message, state) => this.#settled(message, state),
      onLook: (hasScanned) => {
        if (hasScanned) this.#answerWatchers((id) => this.#ended.of(id));
        this.#housekeeping.looked();
      },
    });
    this.#housekeeping = new Housekeeping({
      ...deps,
      dispatcher: this.#dispatcher,
      idleMs: options.idleMs,
      onEnd: (why) => this.#end(why),
      mayEnd: (isPatient) => deps.alerts.mayEnd(isPatient),
      everySecond: () => {
        deps.alerts.look();
        this.#answerForgotten();
      },
    });
  }

  async run(): Promise<WorkerEnd> {
    const { log, pid, flush, alerts } = this.#deps;
    await this.#socket.listen();
    log.write("started", { pid });
    const onSilent = this.#deps.onListening();
    alerts.start(() => this.#dispatcher.hint());
    const ended = this.#ending();
    this.#dispatcher.start();
    this.#housekeeping.start();
    const unwatch = this.#watch();
    const end = await ended;
    unwatch();
    this.#housekeeping.stop();
    onSilent();
    await this.#socket.close();
    await this.#dispatcher.stop();
    await alerts.stop();
    flush();
    log.write("ended", { pid, because: end });
    return end;
  }

  /** True when nothing arrived after the last scan. */
  hasSeenAll(): boolean {
    return this.#dispatcher.isScanCurrent();
  }

  /** Only for hints: without them a scan a second later finds what there is. */
  #watch(): () => void {
    try {
      return this.#deps.spool.watch(() => this.#dispatcher.hint());
    } catch (error) {
      this.#deps.log.write("not_watched", { reason: reasonOf(error) });
      return () => undefined;
    }
  }

  #ending(): Promise<WorkerEnd> {
    const { stop } = this.#options;
    return new Promise((resolve) => {
      this.#end = resolve;
      stop.addEventListener("abort", () => resolve("stopped"), { once: true });
      if (stop.aborted) resolve("stopped");
    });
  }

  #settled(message: Message, state: MessageState): void {
    this.#ended.settled(message.id, state);
    this.#deps.onSettled(message, state);
    this.#socket.publish(message.id, state);
  }

  /** Tells those who asked what had ended before they did. Only after a scan: what was queued again has not ended. */
  #answerWatchers(endOf: (id: string) => MessageState | null): void {
    const watched = [...this.#socket.watched()];
    if (watched.length === 0) return;
    const unfinished = this.#dispatcher.unfinished();
    for (const id of watched) {
      const state = unfinished.has(id) ? null : endOf(id);
      if (state) this.#socket.publish(id, state);
    }
  }

  /** Watched and neither waiting nor ended lately: cancelled, or ended long ago. The spool knows, at a price. */
  #answerForgotten(): void {
    if (this.#dispatcher.isScanDue()) return;
    let asked = 0;
    this.#answerWatchers((id) => {
      const known = this.#ended.of(id);
      if (known || asked === MAX_ASKED) return known;
      asked += 1;
      const state = this.#deps.spool.find(id)?.state ?? null;
      return state && isFinished(state.status) ? state : null;
    });
  }
}

/** Messages looked for in the spool within a second. */
const MAX_ASKED = 20;
