import { ensureWorker } from "../app/client.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";
import type { Hearing } from "./hearing.ts";
import type { Place } from "./workspace.ts";

/** The messages are accepted, so this can fail only by a word of warning. */
export async function startDelivery({ config, env }: Place, hearing: Pick<Hearing, "warn">): Promise<void> {
  try {
    await ensureWorker(config.root, env);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    hearing.warn(
      `it is queued, but no worker could be started: ${reasonOf(cause)}; to deliver: swarm worker --drain`,
    );
  }
}
