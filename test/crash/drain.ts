/** A new worker in a workspace that a crash has left, and the housekeeping of the hours after it. */
import { serve } from "../../src/app/serve.ts";
import { systemClock, systemRandom } from "../../src/app/system-world.ts";
import { loadConfig } from "../../src/config/load.ts";
import { openSpool } from "../../src/spool/spool.ts";
import { until } from "../desktop-fixture/until.ts";
import { kill, type Workspace } from "../e2e/workspace.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Kills what still runs, the worker that a sender has started too, and delivers the rest. */
export async function recover(workspace: Workspace): Promise<void> {
  await endAll(workspace);
  await drain(workspace.root);
}

async function endAll(workspace: Workspace): Promise<void> {
  await until("all programs of the workspace have ended", () => {
    const running = workspace.processes();
    for (const pid of running) kill(pid, "SIGKILL");
    return running.length === 0;
  });
}

/** Until nothing waits. */
export async function drain(root: string): Promise<void> {
  const loaded = loadConfig(root, {});
  if (!loaded.ok) throw new Error(`swarm.json: ${JSON.stringify(loaded.problems)}`);
  const stop = new AbortController().signal;
  const end = await serve({ config: loaded.config, env: {}, mode: "drain", stop }, () => undefined);
  if (end !== "idle") throw new Error(`the worker ended: ${end}`);
}

/** As a worker sweeps that runs two days later: what nobody needs any more is gone. */
export function sweepTwoDaysLater(root: string): void {
  openSpool({
    root,
    maxBytes: 1 << 20,
    clock: { now: () => systemClock.now() + 2 * DAY_MS },
    random: systemRandom,
    archiveMs: 90 * DAY_MS,
  }).sweep();
}
