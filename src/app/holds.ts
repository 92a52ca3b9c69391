/** What a message that has not ended waits for now. */
import type { Config } from "../config/config.ts";
import { isFinished } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import { waitingIds } from "../spool/overview.ts";
import { pauseFor, readPauses } from "../spool/pauses.ts";
import { runningWorker } from "./client.ts";

export type Hold =
  /** Its recipient is not in the configuration any more. */
  | { readonly kind: "removed" }
  | { readonly kind: "paused"; readonly by: string }
  | { readonly kind: "no_worker" }
  /** Its own time has not come. Milliseconds since 1970, as the next one. */
  | { readonly kind: "scheduled"; readonly at: number }
  | { readonly kind: "next_attempt"; readonly at: number }
  /** `first`: id of the message that is next in line. */
  | { readonly kind: "others"; readonly count: number; readonly first: string }
  | { readonly kind: "turn" }
  /** An attempt is under way. */
  | { readonly kind: "under_way" };

/** The first of these that stands in its way; null: it has ended. Throws the system's error when the workspace can't be read. */
export async function holdOf({ message, state }: StoredMessage, config: Config): Promise<Hold | null> {
  if (isFinished(state.status)) return null;
  const isWorkerRunning = (await runningWorker(config.root)) !== null;
  if (state.status === "delivering") return { kind: isWorkerRunning ? "under_way" : "no_worker" };
  if (!config.agents.has(message.recipient)) return { kind: "removed" };
  const pause = pauseFor(message.recipient, readPauses(config.root));
  if (pause) return { kind: "paused", by: pause.by };
  if (!isWorkerRunning) return { kind: "no_worker" };
  if (message.notBefore !== null && message.notBefore > Date.now())
    return { kind: "scheduled", at: message.notBefore };
  if (state.nextAttemptAt !== null && state.nextAttemptAt > Date.now())
    return { kind: "next_attempt", at: state.nextAttemptAt };
  const waiting = waitingIds(config.root, message.recipient);
  const [first] = waiting;
  const count = waiting.indexOf(message.id);
  return first !== undefined && count > 0 ? { kind: "others", count, first } : { kind: "turn" };
}
