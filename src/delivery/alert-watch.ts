/**
 * The worker's watch over alerts. It looks when a message ends badly, once a second, and when it ends; each look costs a
 * system call and a few sums, however much waits. What fires is on disk before anything else happens.
 */
import type { AlertNotice } from "../domain/alert.ts";
import type { MessageState } from "../domain/status.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { Log } from "../ports/log.ts";
import type { Clock } from "../ports/world.ts";
import { reasonOf } from "../support/reason-of.ts";
import type { RunShell } from "../support/run-shell.ts";
import { alertChange } from "./alert-change.ts";
import { AlertFile } from "./alert-file.ts";
import { AlertTeller } from "./alert-teller.ts";
import type { AlertFacts, AlertRules } from "./alerts.ts";
import { DeadLetterWatch } from "./dead-letter-watch.ts";
import type { MetricsRecorder } from "./metrics-recorder.ts";

export interface AlertSettings extends AlertRules {
  /** Milliseconds over which rates are computed. */
  readonly windowMs: number;
  /** Run by the shell for each alert that fires or clears, or null. */
  readonly command: string | null;
}

export interface AlertWatchDeps {
  /** The workspace root, and the path of `alerts.json`. */
  readonly root: string;
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** As they are configured now. */
  readonly settings: () => AlertSettings;
  readonly metrics: Pick<MetricsRecorder, "rates" | "flush">;
  readonly deadLetters: DeadLetters;
  readonly run: RunShell;
}

/** A worker that has nothing to deliver stays for an alert that is so near, in milliseconds. */
const LONGEST_STAY_MS = 24 * 3_600_000;
/** A worker that has nothing to deliver stays so long for the command, in milliseconds. */
const COMMAND_MS = 10_000;

export class AlertWatch {
  readonly #deps: AlertWatchDeps;
  readonly #file: AlertFile;
  readonly #teller: AlertTeller;
  readonly #deadLetters: DeadLetterWatch;
  #isStarted = false;
  #tellingSince: number | null = null;

  constructor(deps: AlertWatchDeps) {
    this.#deps = deps;
    this.#file = new AlertFile(deps.path, deps.log);
    this.#teller = new AlertTeller({ ...deps, file: this.#file, command: () => deps.settings().command });
    this.#deadLetters = new DeadLetterWatch(deps.deadLetters, deps.clock);
  }

  /** Goes on where the last worker was. Only for the holder of the worker lock. `onIdle`: see `mayEnd`. */
  start(onIdle: () => void): void {
    this.#file.load();
    this.#isStarted = true;
    this.#tellingSince = null;
    this.#teller.start(onIdle);
    this.look();
  }

  /** A message has ended, or waits for its next attempt; the metrics have counted it. */
  settled(id: string, { status }: MessageState): void {
    if (this.#file.record.incidents.some(({ ids }) => ids.includes(id))) this.#deadLetters.ended();
    // At once, so that whoever hears of the failure finds its alert.
    if (status === "failed" || status === "unconfirmed") this.#surely(() => this.#weigh());
  }

  look(): void {
    this.#surely(() => {
      this.#deadLetters.look();
      this.#weigh();
      this.#file.save();
      this.#teller.next();
    });
  }

  /**
   * False while there is something to tell, for 10 s at most; and, for a worker that `isPatient`, while an alert may
   * still fire or clear by time alone, and somebody is to be told.
   */
  mayEnd(isPatient: boolean): boolean {
    const { clock } = this.#deps;
    if (!this.#teller.isBusy) this.#tellingSince = null;
    else {
      this.#tellingSince ??= clock.monotonic();
      if (clock.monotonic() - this.#tellingSince < COMMAND_MS) return false;
    }
    if (!isPatient) return true;
    this.#surely(() => this.#deadLetters.look());
    return this.#nextMs() > LONGEST_STAY_MS;
  }

  /** Resolves when the command does not run any more: after 10 s at most. What is still untold the next worker tells. */
  async stop(): Promise<void> {
    const ended = this.#teller.stop();
    this.look();
    this.#isStarted = false;
    await ended;
    this.#file.save();
  }

  /** Milliseconds until an alert fires or clears by time alone, at most; infinite where none does, or nobody is told. */
  #nextMs(): number {
    const { settings, clock } = this.#deps;
    const { command, failedForMs, windowMs } = settings();
    if (command === null) return Number.POSITIVE_INFINITY;
    const { incidents } = this.#file.record;
    const isOldOne = incidents.some(({ code }) => code === "failed_for");
    const failedAt = isOldOne ? [] : this.#deadLetters.longest.map((letter) => letter.failedAt);
    const rates = incidents.filter(({ code }) => code !== "failed_for").map(() => windowMs);
    return Math.min(...failedAt.map((at) => at + failedForMs - clock.now()), ...rates);
  }

  #weigh(): void {
    if (!this.#isStarted) return;
    const { settings, metrics, clock } = this.#deps;
    const { record } = this.#file;
    const deadLetters = this.#deadLetters;
    const facts: AlertFacts = {
      rates: metrics.rates(),
      deadLetters: deadLetters.longest,
      isAnyUndone: (ids) => deadLetters.isAnyUndone(ids),
    };
    const rules = settings();
    const change = alertChange(rules, facts, record.incidents, clock.now(), rules.command !== null);
    if (change === null) return;
    // One write: what fires is never without its notice, nor a notice without what fires.
    this.#file.change({ incidents: change.incidents, untold: [...record.untold, ...change.toTell] });
    // So that `status`, which reads them from the disk, sees the same.
    metrics.flush();
    for (const notice of change.cleared) this.#log("alert_cleared", notice);
    for (const notice of change.fired) this.#log("alert_fired", notice);
    this.#teller.next();
  }

  #log(event: string, { code, since, message }: AlertNotice): void {
    this.#deps.log.write(event, { code, since: new Date(since).toISOString(), reason: message });
  }

  /** Whatever the disk refuses must not stop deliveries; the next look tries again. */
  #surely(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#deps.log.write("alerts_not_watched", { reason: reasonOf(error) });
    }
  }
}
