/**
 * Runs `alerts.command` for each notice, one at a time, at most once: that it is being told is on disk before the command
 * starts. A worker that is killed meanwhile leaves a notice of which nobody knows whether it was told; the next one says
 * so in its log, and does not tell it again: a person may look twice, but a pager must not ring twice.
 */
import type { AlertNotice } from "../domain/alert.ts";
import type { Log } from "../ports/log.ts";
import type { Clock } from "../ports/world.ts";
import type { RunShell, ShellEnd } from "../support/run-shell.ts";
import { sha256 } from "../support/sha256.ts";
import type { AlertFile } from "./alert-file.ts";

export interface AlertTellerDeps {
  /** The workspace root: where the command runs. */
  readonly root: string;
  readonly file: AlertFile;
  readonly log: Log;
  readonly clock: Clock;
  readonly run: RunShell;
  /** As it is configured now; null: nobody is to be told. */
  readonly command: () => string | null;
}

/** Until the command is asked to end, and from there until it is killed, in milliseconds. */
const LIMIT_MS = 10_000;
const GRACE_MS = 2000;
/** What a worker that ends leaves it of that: with the grace it is kept for 10 s. */
const LAST_MS = LIMIT_MS - GRACE_MS;
/** Notices that wait for a command that hangs, each time; older ones are given up. */
const MOST_UNTOLD = 50;

export class AlertTeller {
  readonly #deps: AlertTellerDeps;
  #running: Promise<void> | null = null;
  #giveUp = new AbortController();
  #isStopped = true;
  #onIdle: () => void = () => undefined;

  constructor(deps: AlertTellerDeps) {
    this.#deps = deps;
  }

  /** `onIdle` hears that there is nothing to tell any more. */
  start(onIdle: () => void): void {
    this.#onIdle = onIdle;
    this.#isStopped = false;
    this.#giveUp = new AbortController();
    const { file } = this.#deps;
    const { telling } = file.record;
    const command = this.#deps.command();
    if (telling && command !== null)
      this.#failed(telling, command, "the worker was killed before the command had ended");
    else if (telling) file.change({ telling: null });
    this.next();
  }

  /** Something was told to nobody yet, or the command runs. */
  get isBusy(): boolean {
    return this.#running !== null || this.#deps.file.record.untold.length > 0;
  }

  /** Starts the command where something is to be told and it does not run. */
  next(): void {
    const { file, command } = this.#deps;
    const { untold } = file.record;
    if (this.#running || this.#isStopped || untold.length === 0) return;
    const line = command();
    if (line === null) {
      file.change({ untold: [] });
      return;
    }
    const [notice, ...rest] = this.#withinBounds(untold, line);
    if (notice === undefined) return;
    file.change({ untold: rest, telling: notice });
    this.#running = this.#tell(notice, line).finally(() => {
      this.#running = null;
      this.next();
      if (!this.isBusy) this.#onIdle();
    });
  }

  /** Starts nothing more, and resolves when the command has ended: after 10 s at most. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const cancel = this.#deps.clock.after(LAST_MS, () => this.#giveUp.abort());
    await this.#running;
    cancel();
  }

  async #tell(notice: AlertNotice, command: string): Promise<void> {
    const { run, root, file } = this.#deps;
    const input = `${JSON.stringify(noticeJson(notice, root))}\n`;
    const request = { command, cwd: root, input, limitMs: LIMIT_MS, graceMs: GRACE_MS };
    const reason = reasonOfFailure(await run(request, this.#giveUp.signal));
    if (reason === null) file.change({ telling: null, failure: null });
    else this.#failed(notice, command, reason);
  }

  #failed({ event, code }: AlertNotice, command: string, reason: string): void {
    const { file, log, clock } = this.#deps;
    log.write("alert_command_failed", { code, when: event, reason });
    file.change({
      telling: null,
      failure: { at: clock.now(), event, code, reason, command: sha256(command) },
    });
  }

  #withinBounds(untold: readonly AlertNotice[], command: string): readonly AlertNotice[] {
    const [excess, kept] = [untold.slice(0, -MOST_UNTOLD), untold.slice(-MOST_UNTOLD)];
    for (const notice of excess) this.#failed(notice, command, "too many others wait to be told");
    return kept;
  }
}

/** Public: what the command reads. */
function noticeJson({ event, code, message, since, at }: AlertNotice, root: string): object {
  return { schema: 1, event, alert: { code, message }, since: iso(since), at: iso(at), root };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Null: it succeeded. */
function reasonOfFailure(end: ShellEnd): string | null {
  switch (end.kind) {
    case "ended":
      if (end.code === 0) return null;
      return withOutput(`the command ended with ${end.code ?? end.signal}`, end.output);
    case "too_slow":
      return withOutput(`the command took longer than ${LIMIT_MS / 1000} s and was ended`, end.output);
    case "given_up":
      return withOutput("the command was still running when the worker ended, and was ended", end.output);
    case "not_started":
      return `the command could not be started: ${end.reason}`;
    default:
      return end satisfies never;
  }
}

function withOutput(text: string, output: string): string {
  return output === "" ? text : `${text}; it said: ${output}`;
}
