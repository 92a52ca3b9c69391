/** Runs a worker; where another one runs already, waits until that is enough or gone. */
import type { WorkerEnd } from "../delivery/worker.ts";
import { readOverview } from "../spool/overview.ts";
import { pauseFor, readPauses } from "../spool/pauses.ts";
import { runningWorker } from "./client.ts";
import { runWorkspaceWorker, type WorkerRun } from "./run-worker.ts";

const LOOK_EVERY_MS = 200;

/**
 * As `runWorkspaceWorker`. But a service takes over when the worker that it finds ends, and a drain is over when
 * nothing waits, whoever delivered it. `onOther` hears once that it waits.
 */
export async function serve(run: WorkerRun, onOther: () => void): Promise<WorkerEnd> {
  let hasWaited = false;
  for (;;) {
    const end = await runWorkspaceWorker(run);
    if (end !== "already_running" || run.mode === "background") return end;
    if (!hasWaited) onOther();
    hasWaited = true;
    const other = await outlive(run);
    if (other !== "gone") return other;
  }
}

/** Until the other worker is gone, or there is no more reason to wait for it. */
async function outlive({ config, mode, stop }: WorkerRun): Promise<WorkerEnd | "gone"> {
  for (;;) {
    if (stop.aborted) return "stopped";
    if (mode === "drain" && isDrained(config.root)) return "idle";
    if ((await runningWorker(config.root)) === null) return "gone";
    await pause(stop);
  }
}

/** Nothing is under way, and nothing waits but for its time or for agents that are paused. */
function isDrained(root: string): boolean {
  const { agents, counts, drops } = readOverview(root, 0);
  const pauses = readPauses(root);
  const waiting = [...agents].filter(
    ([agent, { queued, scheduled }]) => queued > scheduled && pauseFor(agent, pauses) === null,
  );
  return waiting.length + counts.delivering + drops === 0;
}

function pause(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, LOOK_EVERY_MS);
    stop.addEventListener("abort", end);
  });
}
