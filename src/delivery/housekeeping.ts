/** What the worker does besides delivering: it sees when there is no work left, and keeps the spool small. */
import type { Log } from "../ports/log.ts";
import type { Spool } from "../ports/store.ts";
import type { Cancel, Clock } from "../ports/world.ts";
import { reasonOf } from "../support/reason-of.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Drafts } from "./drafts.ts";

export interface HousekeepingDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly spool: Pick<Spool, "archiveFinished" | "sweep" | "unarchivedIds">;
  readonly drafts: Pick<Drafts, "sweep">;
  readonly dispatcher: Pick<Dispatcher, "isIdle" | "isScanCurrent" | "hint">;
  readonly isWorkspaceThere: () => boolean;
  /** Milliseconds without work after which `onEnd` is called; null: never. With 0 a message that waits for its time is no work. */
  readonly idleMs: number | null;
  readonly onEnd: (why: "idle" | "workspace_gone") => void;
  /** False: there is something else to stay for. `isPatient`: a worker that stays for a while anyway. */
  readonly mayEnd: (isPatient: boolean) => boolean;
  /** Done once a second besides. */
  readonly everySecond: () => void;
}

const TICK_MS = 1000;
const SWEEP_EVERY_MS = 3_600_000;
/** Finished messages archived in one go: few while there is work, so that it does not wait. */
const BATCH_BUSY = 100;
const BATCH_IDLE = 1000;
/** A scan counts as current only some time after the folders' last change; look again then. */
const RECHECK_MS = 30;

export class Housekeeping {
  readonly #deps: HousekeepingDeps;
  #idleSince: number | null = null;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #cancelTick: Cancel = () => undefined;
  #cancelRecheck: Cancel | null = null;

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#cancelTick = this.#deps.clock.after(TICK_MS, () => {
      this.#tick();
      this.start();
    });
  }

  stop(): void {
    this.#cancelTick();
    this.#cancelRecheck?.();
    this.#tidy(() => this.#deps.spool.archiveFinished(BATCH_BUSY));
  }

  /** The dispatcher has looked: is there anything left to do? */
  looked(): void {
    this.#tidy(() => this.#endWhenIdle());
  }

  #endWhenIdle(): void {
    const { clock, dispatcher, idleMs, mayEnd, onEnd } = this.#deps;
    if (idleMs === null) return;
    if (!dispatcher.isIdle(idleMs > 0)) {
      this.#idleSince = null;
      return;
    }
    this.#idleSince ??= clock.monotonic();
    if (clock.monotonic() - this.#idleSince < idleMs || !mayEnd(idleMs > 0)) return;
    if (dispatcher.isScanCurrent() && this.#hasArchivedAll()) onEnd("idle");
    else this.#recheck();
  }

  /** A batch at a time: who asks meanwhile is answered. What the disk refuses is left to the next worker. */
  #hasArchivedAll(): boolean {
    let archived = 0;
    this.#tidy(() => {
      archived = this.#deps.spool.archiveFinished(BATCH_IDLE);
    });
    return archived < BATCH_IDLE;
  }

  #recheck(): void {
    this.#cancelRecheck ??= this.#deps.clock.after(RECHECK_MS, () => {
      this.#cancelRecheck = null;
      this.#deps.dispatcher.hint();
    });
  }

  #tick(): void {
    const { clock, spool, drafts, dispatcher, everySecond } = this.#deps;
    if (this.#isWorkspaceGone()) return;
    this.#tidy(everySecond);
    this.#tidy(() => spool.archiveFinished(dispatcher.isIdle(false) ? BATCH_IDLE : BATCH_BUSY));
    if (clock.monotonic() - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = clock.monotonic();
    this.#tidy(() => spool.sweep());
    this.#tidy(() => drafts.sweep(clock.now(), () => spool.unarchivedIds()));
  }

  #isWorkspaceGone(): boolean {
    let isGone = false;
    this.#tidy(() => {
      isGone = !this.#deps.isWorkspaceThere();
    });
    if (isGone) this.#deps.onEnd("workspace_gone");
    return isGone;
  }

  /** What the disk refuses now is tried again by the next tick. */
  #tidy(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#deps.log.write("not_tidied", { reason: reasonOf(error) });
    }
  }
}
