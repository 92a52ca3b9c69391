/** `calibrate` with the real world around it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { Drafts } from "../delivery/drafts.ts";
import { WorkerLog } from "../delivery/worker-log.ts";
import { type CalibrateRequest, type CalibrateResult, calibrate } from "./calibrate.ts";
import { openTiming } from "./open-timing.ts";
import { systemClock, systemRandom } from "./system-world.ts";

/** Captures, probes and writes the agent's entry in `swarm.json`, and keeps the measured delays. */
export async function calibrateAgent(
  config: Config,
  request: Omit<CalibrateRequest, "saveDraft">,
): Promise<CalibrateResult> {
  const { root, display, delivery, profiles } = config;
  // Else what was measured could not be kept in a workspace that has sent nothing yet.
  mkdirSync(join(root, "runtime"), { recursive: true, mode: 0o700 });
  const log = new WorkerLog(join(root, "runtime", "worker.log"), systemClock);
  const timing = openTiming(config, log);
  const drafts = new Drafts(root);
  const settings = () => ({
    display,
    humanIdleMs: delivery.humanIdleMs,
    attemptMs: delivery.attemptTimeoutMs,
    profile: (name: string) => profiles.get(name) ?? null,
  });
  try {
    return await calibrate(
      { root, clock: systemClock, random: systemRandom, timing, settings },
      { ...request, saveDraft: (text) => drafts.save(`calibrate-${request.agent}`, text) },
    );
  } finally {
    timing.flush();
  }
}
