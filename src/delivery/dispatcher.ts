/**
 * Gives out the turns: scans the spool, keeps a lane per agent, and starts attempts within each transport's limit.
 *
 * A hint causes a scan at once, unless scans are dear (many names); a tick every second scans where the spool's folders
 * have changed. Trouble with the disk pauses everything for a second and then recovers, which is the same as starting.
 */
import { setMaxListeners } from "node:events";
import { isFinished } from "../domain/status.ts";
import type { DeliverySettings, SettingsSource } from "../ports/settings.ts";
import type { Cancel } from "../ports/world.ts";
import { reasonOf } from "../support/reason-of.ts";
import { keepTimes } from "./by-clock.ts";
import { turnsOf } from "./joining.ts";
import type { Lane } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { ScanSchedule } from "./scan-schedule.ts";
import { Slots } from "./slots.ts";
import { startTransports } from "./start-transports.ts";
import { monotonicTime, type Taken, takeTurn } from "./take-turn.ts";
import { runTurn, type TurnDeps, type TurnEnd } from "./turn-runner.ts";

export interface DispatcherDeps extends TurnDeps {
  readonly settings: SettingsSource;
  readonly pid: number;
  /** Called after each look at what there is to do; `hasScanned`: with a scan. */
  readonly onLook: (hasScanned: boolean) => void;
}

const TICK_MS = 1000;
const TROUBLE_PAUSE_MS = 1000;

export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #lanes = new Lanes();
  readonly #scans: ScanSchedule;
  readonly #stop = new AbortController();
  readonly #slots: Slots;
  readonly #turns = new Set<Promise<void>>();
  readonly #cancels = new Map<"look" | "tick", Cancel>();
  #isLookQueued = false;
  #isRecoveryDue = true;
  /** Transports may still be putting right what a killed worker left. */
  #isStarting = true;
  #pausedUntil = 0;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#scans = new ScanSchedule(deps.spool, deps.clock);
    this.#slots = new Slots(deps.transports);
    setMaxListeners(0, this.#stop.signal); // each attempt listens to it
  }

  /** Recovers what a crash cut off, and starts to deliver. */
  start(): void {
    void startTransports(this.#deps, this.#stop.signal).finally(() => {
      this.#isStarting = false;
      this.#queueLook();
    });
    this.#tick();
  }

  /** There may be something new. */
  hint(): void {
    this.#scans.hint();
    this.#queueLook();
  }

  /** True when, by the last scan, nothing is under way, and nothing waits; see `Lanes.isIdle`. */
  isIdle(isLaterWork: boolean): boolean {
    const isBusy = this.#isStarting || this.#turns.size > 0 || this.#isRecoveryDue;
    return !isBusy && this.#lanes.isIdle(this.#deps.settings.current().isPaused, isLaterWork);
  }

  /** True when nothing was put into the spool since the scan on which `isIdle` relies. */
  isScanCurrent(): boolean {
    return this.#scans.isCurrent();
  }

  /** True when there may be more than the last scan found. */
  isScanDue(): boolean {
    return this.#scans.waitMs(false) !== null;
  }

  /** Ids of all that wait, by the last scan, or are under way. */
  unfinished(): ReadonlySet<string> {
    return this.#lanes.ids();
  }

  /** Gives out no more turns, and resolves when those under way have ended at a safe point. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const cancel of this.#cancels.values()) cancel();
    await Promise.all(this.#turns);
  }

  #tick(): void {
    this.#look(true);
    if (!this.#stop.signal.aborted) this.#after("tick", TICK_MS, () => this.#tick());
  }

  #after(what: "look" | "tick", delayMs: number, action: () => void): void {
    this.#cancels.get(what)?.();
    this.#cancels.set(what, this.#deps.clock.after(delayMs, action));
  }

  /** Soon, and once for all who ask before; what is on the sockets comes first. */
  #queueLook(): void {
    if (this.#isLookQueued) return;
    this.#isLookQueued = true;
    setImmediate(() => {
      this.#isLookQueued = false;
      this.#look();
    });
  }

  /** `isChecked`: also for changes of which no hint came. */
  #look(isChecked = false): void {
    if (this.#stop.signal.aborted) return;
    const { clock, log, onLook } = this.#deps;
    let hasScanned = false;
    try {
      if (isChecked) this.#scans.check();
      if (this.#pausedUntil > clock.monotonic()) return;
      if (this.#isRecoveryDue) this.#recover();
      this.#isRecoveryDue = false;
      hasScanned = this.#scanIfDue();
      this.#giveTurns();
      this.#wakeLater();
    } catch (error) {
      log.write("trouble", { reason: reasonOf(error) });
      this.#isRecoveryDue = true;
      this.#pausedUntil = clock.monotonic() + TROUBLE_PAUSE_MS;
      this.#scans.hint();
      this.#after("look", TROUBLE_PAUSE_MS, () => this.#look());
    }
    onLook(hasScanned);
  }

  #scanIfDue(): boolean {
    if (this.#scans.waitMs(this.#turns.size > 0) !== 0) return false;
    const known = new Set(this.#deps.settings.current().agents.keys());
    this.#lanes.replace(this.#scans.scan(known), this.#deps.clock.now());
    return true;
  }

  /** For what becomes due without anything ending or arriving. */
  #wakeLater(): void {
    const { clock } = this.#deps;
    const at = clock.monotonic();
    const dueMs = (this.#lanes.wakeAt(at) ?? Number.POSITIVE_INFINITY) - at;
    const byClockMs = (this.#lanes.nextByClock() ?? Number.POSITIVE_INFINITY) - clock.now();
    const scanMs = this.#scans.waitMs(this.#turns.size > 0) ?? TICK_MS;
    const delayMs = Math.min(scanMs, dueMs, byClockMs);
    if (delayMs < TICK_MS) this.#after("look", Math.max(1, delayMs), () => this.#look());
  }

  #giveTurns(): void {
    const settings = this.#deps.settings.current();
    keepTimes(this.#deps, this.#lanes);
    for (const { lane, turn } of this.#lanes.turns(this.#deps.clock.monotonic(), settings.isPaused)) {
      if (!this.#slots.isFree(settings.agents.get(lane.agent)?.transport ?? "none")) continue;
      this.#queueLook(); // the message may be gone, and the lane have another
      const taken = takeTurn(this.#deps, lane, turn, settings);
      if (taken) this.#start(lane, taken, settings);
    }
  }

  #start(lane: Lane, taken: Taken, settings: DeliverySettings): void {
    const [first, ...others] = taken.members;
    if (!first) return;
    const agent = settings.agents.get(lane.agent);
    const transport = agent?.transport ?? "none";
    this.#slots.take(transport);
    this.#track(lane, taken, async () => {
      const turn = { kind: taken.kind, first, others, agent, settings, stop: this.#stop.signal };
      const end = await runTurn(this.#deps, turn);
      this.#slots.giveBack(transport);
      return end;
    });
  }

  /** Keeps the lane to these messages until `run` has ended. */
  #track(lane: Lane, { members, waiting }: Taken, run: () => Promise<TurnEnd>): void {
    lane.busyWith = members.map(({ message }) => message.id);
    const running = run().then((end) => {
      const { clock } = this.#deps;
      const settings = this.#deps.settings.current();
      this.#turns.delete(running);
      if (end.kind === "resume_later")
        lane.addResumption(end.members, monotonicTime(clock, end.notBefore, settings));
      for (const id of lane.busyWith) {
        const state = end.kind === "settled" ? end.states.get(id) : undefined;
        if (!state || isFinished(state.status)) {
          lane.forget(id);
          continue;
        }
        // It waits again, and only a scan tells under which name.
        this.#scans.hint();
        const known = waiting.find((one) => one.id === id);
        if (known) this.#lanes.putBack(known, monotonicTime(clock, state.nextAttemptAt, settings));
        else lane.isScanNeeded = true;
      }
      lane.busyWith = [];
      this.#queueLook();
    });
    this.#turns.add(running);
  }

  /** Ends or resumes what lies claimed and is not under way. */
  #recover(): void {
    const interrupted = this.#deps.spool.interrupted();
    for (const { message, state } of interrupted)
      this.#deps.log.write("interrupted", {
        id: message.id,
        recipient: message.recipient,
        step: state.step,
      });
    for (const members of turnsOf(interrupted)) this.#lanes.addResumption(members, 0);
  }
}
