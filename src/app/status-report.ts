/** Everything that `status` shows, read from files: it needs no worker, and its cost does not grow with what has finished. */
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { type Metrics, metricsOf, NO_METRICS, parseMetrics, ratesOf } from "../delivery/metrics.ts";
import { type LineEntry, readLine } from "../desktop/desktop-line.ts";
import { desktopName } from "../desktop/desktop-name.ts";
import { userRuntimeFolder } from "../desktop/runtime-folder.ts";
import type { TransportName } from "../domain/agent.ts";
import type { Alert, AlertCommandFailure } from "../domain/alert.ts";
import { deadLettersOf } from "../spool/dead-letter-look.ts";
import { type AgentCounts, NO_MESSAGES, readOverview, type SpoolOverview } from "../spool/overview.ts";
import { pauseFor, readPauses } from "../spool/pauses.ts";
import { readFile } from "../support/regular-file.ts";
import { type AgentState, agentState } from "./agent-state.ts";
import { alertCommandFailure, alertReport, readAlertRecord } from "./alert-report.ts";
import { runningWorker } from "./client.ts";
import { type LearnedDelay, readLearnedDelays } from "./learned-delays.ts";

export interface StatusReport {
  /** Milliseconds since 1970. */
  readonly asOf: number;
  /** Process id of the running worker, or null. */
  readonly workerPid: number | null;
  readonly spool: SpoolOverview;
  /** All agents of the configuration, and those for whom something waits or failed that are no longer in it. */
  readonly agents: ReadonlyMap<string, AgentReport>;
  readonly metrics: Metrics;
  readonly alerts: readonly Alert[];
  /** Why the last run of `alerts.command` failed; null where it did not, or there is none. */
  readonly alertCommandFailure: AlertCommandFailure | null;
  /** The desktop's lock, or null where there is no desktop that could be meant. */
  readonly lock: LockReport | null;
}

export interface AgentReport {
  /** Null: no longer in the configuration. */
  readonly transport: TransportName | null;
  readonly counts: AgentCounts;
  readonly state: AgentState;
  readonly delays: ReadonlyMap<string, LearnedDelay>;
}

export interface LockReport {
  readonly display: string;
  readonly holder: LineEntry | null;
  readonly waiting: readonly LineEntry[];
}

export interface StatusRequest {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  /** How many messages of each kind are opened. */
  readonly limit: number;
}

/** Throws the system's error when the workspace can't be read. */
export async function statusReport({ config, env, limit }: StatusRequest): Promise<StatusReport> {
  const asOf = Date.now();
  const spool = readOverview(config.root, limit, asOf);
  const counted = readMetrics(config.root);
  const { windowMs } = config.alerts;
  const facts = {
    rates: ratesOf(counted, asOf, windowMs),
    deadLetters: spool.longestFailed,
    isAnyUndone: (ids: readonly string[]) => deadLettersOf(config.root).isAnyUndone(ids),
  };
  return {
    asOf,
    workerPid: await runningWorker(config.root),
    spool,
    agents: agentReports(config, spool),
    metrics: metricsOf(counted, asOf, windowMs),
    alerts: alertReport(config.alerts, facts, readAlertRecord(config.root), asOf),
    alertCommandFailure: alertCommandFailure(config),
    lock: lockReport(desktopName(config.display, env)),
  };
}

function agentReports(config: Config, spool: SpoolOverview): ReadonlyMap<string, AgentReport> {
  const delays = readLearnedDelays(config.root);
  const pauses = readPauses(config.root);
  const names = new Set([...config.agents.keys(), ...spool.agents.keys()]);
  return new Map(
    [...names].map((name) => {
      const transport = config.agents.get(name)?.transport ?? null;
      const counts = spool.agents.get(name) ?? NO_MESSAGES;
      const [next, trouble] = [spool.next.get(name) ?? null, spool.trouble.get(name) ?? null];
      const state = agentState(transport, counts, next, trouble, pauseFor(name, pauses) !== null);
      return [name, { transport, counts, state, delays: delays.get(name) ?? new Map() }];
    }),
  );
}

/** What a damaged file held is lost; the worker begins afresh. */
function readMetrics(root: string) {
  try {
    const saved = readFile(join(root, "runtime", "metrics.json")).toString("utf8");
    return parseMetrics(JSON.parse(saved)) ?? NO_METRICS;
  } catch {
    return NO_METRICS;
  }
}

function lockReport(display: string | null): LockReport | null {
  if (display === null) return null;
  try {
    return { display, ...readLine(userRuntimeFolder(), display) };
  } catch {
    // A runtime folder that is somebody else's: `doctor` says so.
    return { display, holder: null, waiting: [] };
  }
}
