/** A workspace through which months pass: the real worker, its spool and archive, on a clock that jumps. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { AlertWatch } from "../../src/delivery/alert-watch.ts";
import { Drafts } from "../../src/delivery/drafts.ts";
import { MetricsRecorder } from "../../src/delivery/metrics-recorder.ts";
import { RecentTexts } from "../../src/delivery/recent-texts.ts";
import { runWorker, type WorkerEnd } from "../../src/delivery/worker.ts";
import { WorkerLog } from "../../src/delivery/worker-log.ts";
import type { MessageState } from "../../src/domain/status.ts";
import type { NewMessage, Spool, StoredMessage } from "../../src/ports/store.ts";
import { deadLettersOf } from "../../src/spool/dead-letter-look.ts";
import { Folders, QUEUE_FOLDERS } from "../../src/spool/folders.ts";
import type { SpoolOptions } from "../../src/spool/options.ts";
import { openSpool } from "../../src/spool/spool.ts";
import { MessageTracker } from "../../src/spool/tracker.ts";
import { desktopAgent, inboxAgent, oneTransport, settingsFor } from "../delivery/fake-world.ts";
import { ManualClock } from "../delivery/manual-clock.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import { scriptedTypist } from "./scripted-typist.ts";

export const DAY_MS = 24 * 3_600_000;
export const HOUR_MS = 3_600_000;
/** Long enough for a scan, an attempt, and a look at what is to be archived and swept. */
const AWAKE_MS = 1200;
/** Of finished messages in the tracker. */
export const TRACKED = 40;

const AGENTS = ["Reader", "Typist", "Sleeper"] as const;

/** `Reader`: its messages are files. `Typist`: does what the text says. `Sleeper`: paused unless the test wakes it. */
export class YearWorld {
  readonly root = memoryFolder("swy-");
  readonly folders = new Folders(this.root);
  readonly clock = new ManualClock(Date.parse("2026-01-02T03:04:05Z"));
  readonly outbox: Spool;
  readonly drafts = new Drafts(this.root);
  isSleeperPaused = true;
  readonly #archiveMs: number;
  readonly #stamped = new Set<string>();
  #stop = new AbortController();
  #ended: Promise<WorkerEnd> | null = null;

  constructor(archiveMs: number) {
    this.#archiveMs = archiveMs;
    this.outbox = this.#open();
    for (const agent of AGENTS) mkdirSync(join(this.root, "agent_workspaces", agent), { recursive: true });
    this.folders.prepare();
    onTestFinished(async () => {
      await this.stopWorker();
      rmSync(this.root, { recursive: true, force: true });
    });
  }

  /** Time goes on by so much; the worker, if one runs, works in the last seconds of it. */
  async pass(ms: number): Promise<void> {
    this.clock.sleep(Math.max(0, ms - AWAKE_MS));
    await this.clock.pass(Math.min(ms, AWAKE_MS));
    this.#stampFiles();
  }

  accept(parts: Partial<NewMessage>): { readonly id: string; readonly isDuplicate: boolean } {
    const result = this.outbox.accept([aNewMessage({ recipient: "Reader", ...parts })], false);
    const accepted = result.kind === "accepted" ? result.messages[0] : undefined;
    if (!accepted) throw new Error(`not accepted: ${result.kind}`);
    this.#stampFiles();
    return { id: accepted.message.id, isDuplicate: accepted.isDuplicate };
  }

  find(id: string): StoredMessage | null {
    return this.outbox.find(id);
  }

  startWorker(): void {
    const { root, clock, drafts } = this;
    const path = (name: string) => join(root, "runtime", name);
    const log = new WorkerLog(path("worker.log"), clock);
    const tracker = new MessageTracker({ root, limit: TRACKED, clock });
    const windowMs = () => HOUR_MS;
    const metrics = new MetricsRecorder({ path: path("metrics.json"), clock, log, windowMs });
    const rules = {
      failureRate: 0.01,
      retryRate: 0.05,
      failedForMs: 300_000,
      windowMs: HOUR_MS,
      command: null,
    };
    const alerts = new AlertWatch({
      root,
      path: path("alerts.json"),
      clock,
      log,
      settings: () => rules,
      metrics,
      deadLetters: deadLettersOf(root),
      run: () => Promise.reject(new Error("there is no command")),
    });
    this.#stop = new AbortController();
    this.#ended = runWorker(
      {
        root,
        clock,
        log,
        random: { next: Math.random, hex: hexOf },
        pid: process.pid,
        spool: this.#open({ observer: tracker }),
        settings: { current: () => this.#settings() },
        transports: oneTransport(scriptedTypist(clock)).transports,
        drafts,
        recentTexts: new RecentTexts(),
        socketPath: path("worker.sock"),
        tryLock: () => Promise.resolve({ release: () => undefined }),
        isWorkspaceThere: () => true,
        onSettled: (message, state: MessageState) => {
          metrics.settled(message, state);
          alerts.settled(message.id, state);
        },
        onListening: () => {
          tracker.start();
          return () => undefined;
        },
        alerts,
        flush: () => {
          metrics.flush();
          tracker.close();
        },
      },
      { idleMs: null, stop: this.#stop.signal },
    );
  }

  async stopWorker(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#ended = null;
  }

  #settings() {
    return settingsFor([inboxAgent("Reader"), desktopAgent("Typist"), inboxAgent("Sleeper")], {
      isPaused: (agent) => agent === "Sleeper" && this.isSleeperPaused,
      metricsWindowMs: HOUR_MS,
    });
  }

  #open(options: Partial<SpoolOptions> = {}): Spool {
    return openSpool({
      root: this.root,
      maxBytes: 1 << 20,
      clock: this.clock,
      random: { hex: hexOf },
      archiveMs: this.#archiveMs,
      ...options,
    });
  }

  /** The file system knows the true time only: what is new since the last call is of now. */
  #stampFiles(): void {
    const { runtime, archive } = this.folders;
    const queue = QUEUE_FOLDERS.map((name) => this.folders.of(name));
    const inboxes = AGENTS.map((name) => join(this.root, "agent_workspaces", name, "inbox"));
    for (const folder of [runtime, archive, join(runtime, "drafts"), ...queue, ...inboxes])
      for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
        const path = join(folder, entry.name);
        if (!entry.isFile() || this.#stamped.has(path)) continue;
        this.#stamped.add(path);
        utimesSync(path, this.clock.now() / 1000, this.clock.now() / 1000);
      }
  }
}

function hexOf(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
