/** Takes back all that waits for one agent. */
import type { Outbox } from "../ports/store.ts";
import { waitingIds } from "../spool/overview.ts";

/** The ids of those that were taken back; one that a worker was faster with is not among them. Throws the system's error. */
export function cancelAll(root: string, outbox: Outbox, agent: string): readonly string[] {
  return waitingIds(root, agent).filter((id) => outbox.cancel(id) === "cancelled");
}
