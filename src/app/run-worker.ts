/** The worker of one workspace, with everything it needs. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { AlertWatch } from "../delivery/alert-watch.ts";
import { Drafts } from "../delivery/drafts.ts";
import { MetricsRecorder } from "../delivery/metrics-recorder.ts";
import { RecentTexts } from "../delivery/recent-texts.ts";
import { runWorker, type WorkerDeps, type WorkerEnd } from "../delivery/worker.ts";
import { WorkerLog } from "../delivery/worker-log.ts";
import { driverDesktop } from "../desktop/driver-client.ts";
import type { Timing } from "../ports/timing.ts";
import type { Transports } from "../ports/transport.ts";
import { deadLettersOf } from "../spool/dead-letter-look.ts";
import { Folders } from "../spool/folders.ts";
import { MessageTracker } from "../spool/tracker.ts";
import { type KernelLock, tryLock } from "../support/kernel-lock.ts";
import { reasonOf } from "../support/reason-of.ts";
import { runShell } from "../support/run-shell.ts";
import { tmuxTerminals } from "../tmux/terminals.ts";
import { transportRegistry } from "../transports/registry.ts";
import { alertsPath } from "./alert-report.ts";
import { runningWorker } from "./client.ts";
import { openStore } from "./compose.ts";
import { ConfigSource } from "./config-source.ts";
import { driverPath } from "./driver-path.ts";
import { logSettled } from "./log-settled.ts";
import { openTiming } from "./open-timing.ts";
import { workerHasStarted } from "./start-worker.ts";
import { systemClock, systemRandom } from "./system-world.ts";
import { workerLockName, workerSocketPath } from "./worker-address.ts";
import { holdWorkerPipe } from "./worker-pipe.ts";

export interface WorkerRun {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  /** `service`: until stopped. `background`: until nothing was to do for a minute. `drain`: until nothing waits. */
  readonly mode: "service" | "background" | "drain";
  /** Aborted: end at the next safe point. */
  readonly stop: AbortSignal;
}

/** Milliseconds without work after which each kind of worker ends. */
const IDLE_MS = { service: null, background: 60_000, drain: 0 } as const;
/** How long a worker that neither listens nor frees the lock is waited for, in milliseconds, and how often it is looked at. */
const LOCK_PATIENCE_MS = 10_000;
const LOCK_PAUSE_MS = 20;

/** Delivers what waits in the workspace. Throws the system's error when the workspace can't be used. */
export async function runWorkspaceWorker(run: WorkerRun): Promise<WorkerEnd> {
  const { config, mode, stop } = run;
  const { root } = config;
  new Folders(root).prepare();
  const lockName = workerLockName(root);
  const parts = assemble(run);
  const { tracker, deps } = parts;
  try {
    const own: WorkerDeps = {
      ...deps,
      socketPath: workerSocketPath(root),
      tryLock: () => lockFromEndingWorker(root, lockName),
      isWorkspaceThere: () => isThere(root, lockName),
      onListening: () => {
        const release = holdWorkerPipe(root);
        workerHasStarted(root);
        tracker.start();
        return release;
      },
    };
    return await runWorker(own, { idleMs: IDLE_MS[mode], stop });
  } finally {
    await deps.transports.close();
  }
}

type Parts = Omit<WorkerDeps, "socketPath" | "tryLock" | "isWorkspaceThere" | "onListening">;

function assemble({ config, env }: WorkerRun): { readonly tracker: MessageTracker; readonly deps: Parts } {
  const { root } = config;
  const runtime = join(root, "runtime");
  const clock = systemClock;
  const log = new WorkerLog(join(runtime, "worker.log"), clock);
  const source = new ConfigSource(config, env, log);
  const tracker = new MessageTracker({
    root,
    limit: config.retention.tracker,
    clock,
    onTrouble: (cause) => log.write("tracker_not_written", { reason: reasonOf(cause) }),
  });
  const windowMs = () => source.current().metricsWindowMs;
  const metrics = new MetricsRecorder({ path: join(runtime, "metrics.json"), clock, log, windowMs });
  const timing = openTiming(config, log);
  const alerts = new AlertWatch({
    root,
    path: alertsPath(root),
    clock,
    log,
    settings: () => source.config().alerts,
    metrics,
    deadLetters: deadLettersOf(root),
    run: runShell,
  });
  const deps: Parts = {
    root,
    clock,
    random: systemRandom,
    log,
    pid: process.pid,
    spool: openStore(config, {
      observer: tracker,
      onTrouble: (cause) => log.write("drop_not_taken_in", { reason: cause.message }),
    }),
    settings: source,
    transports: transportsOf(source, countingLockWaits(timing, metrics), log),
    drafts: new Drafts(root),
    recentTexts: new RecentTexts(),
    onSettled: (message, state) => {
      metrics.settled(message, state);
      logSettled(log, message, state);
      alerts.settled(message.id, state);
    },
    alerts,
    flush: () => {
      timing.flush();
      metrics.flush();
      tracker.close();
    },
  };
  return { tracker, deps };
}

function transportsOf(source: ConfigSource, timing: Timing, log: WorkerLog): Transports {
  return transportRegistry({
    desktop: () => ({
      desktop: driverDesktop({
        driverPath: driverPath(),
        onOutput: (text) => log.write("driver", { said: text.trim() }),
      }),
      timing,
      clock: systemClock,
      settings: () => {
        const { display, delivery, profiles } = source.config();
        return {
          display,
          humanIdleMs: delivery.humanIdleMs,
          attemptMs: delivery.attemptTimeoutMs,
          profile: (name) => profiles.get(name) ?? null,
        };
      },
    }),
    tmux: () => ({
      terminals: tmuxTerminals(),
      timing,
      clock: systemClock,
      profiles: () => source.config().terminalProfiles,
    }),
  });
}

/** The desktop transport records its waits for the lock like any other step; the metrics count them too. */
function countingLockWaits(timing: Timing, metrics: MetricsRecorder): Timing {
  return {
    deadlineMs: (agent, transport, step) => timing.deadlineMs(agent, transport, step),
    typicalMs: (agent, transport, step) => timing.typicalMs(agent, transport, step),
    latestMs: (agent, transport, step) => timing.latestMs(agent, transport, step),
    miss: (agent, transport, step) => timing.miss(agent, transport, step),
    record: (agent, transport, step, ms) => {
      timing.record(agent, transport, step, ms);
      if (step === "lock") metrics.lockWait(ms);
    },
  };
}

/** Null when another worker listens. One that holds the lock and does not listen is starting or ending: what it does is soon clear. */
async function lockFromEndingWorker(root: string, lockName: string): Promise<KernelLock | null> {
  for (const end = performance.now() + LOCK_PATIENCE_MS; ; ) {
    const lock = await tryLock(lockName);
    if (lock || performance.now() > end || (await runningWorker(root)) !== null) return lock;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, LOCK_PAUSE_MS);
    });
  }
}

/** False when the folder was removed, or replaced by another one. */
function isThere(root: string, lockName: string): boolean {
  return statSync(root, { throwIfNoEntry: false }) !== undefined && workerLockName(root) === lockName;
}
