/** Puts the parts together for one workspace. What only a worker needs is in `run-worker.ts`, which is loaded when one runs. */
import type { Config } from "../config/config.ts";
import type { Outbox, Spool } from "../ports/store.ts";
import type { SpoolOptions } from "../spool/options.ts";
import { openSpool } from "../spool/spool.ts";
import { systemClock, systemRandom } from "./system-world.ts";

/** The queue as commands see it. Reads and creates nothing before its first call. */
export function openOutbox(config: Config): Outbox {
  return openStore(config);
}

/** The queue as the worker sees it. */
export function openStore(config: Config, hearers: Pick<SpoolOptions, "observer" | "onTrouble"> = {}): Spool {
  return openSpool({
    root: config.root,
    maxBytes: config.delivery.maxBytes,
    clock: systemClock,
    random: systemRandom,
    archiveMs: config.retention.archiveMs,
    ...hearers,
  });
}
