import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { LearnedTiming } from "../delivery/timing.ts";
import type { Log } from "../ports/log.ts";
import { systemClock } from "./system-world.ts";

/** Floor of learned deadlines of a single step, in milliseconds; the ceiling is the attempt's own timeout. */
const STEP_FLOOR_MS = 200;

/** The learned delays of a workspace. */
export function openTiming({ root, delivery }: Config, log: Log): LearnedTiming {
  return new LearnedTiming({
    path: join(root, "runtime", "timing.json"),
    clock: systemClock,
    log,
    stepFloorMs: STEP_FLOOR_MS,
    stepCeilingMs: delivery.attemptTimeoutMs,
  });
}
