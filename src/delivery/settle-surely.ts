/** Settling a message for certain: a full disk delays it and loses nothing. */
import type { MessageEvent } from "../domain/events.ts";
import type { MessageState } from "../domain/status.ts";
import type { Log } from "../ports/log.ts";
import type { Spool } from "../ports/store.ts";
import type { Clock } from "../ports/world.ts";
import { reasonOf } from "../support/reason-of.ts";
import type { EventRecorder } from "./event-recorder.ts";

export interface SettleDeps {
  readonly spool: Pick<Spool, "settle">;
  readonly clock: Pick<Clock, "after">;
  readonly log: Log;
}

/** Milliseconds between tries. */
const PAUSE_MS = 1000;

/**
 * Writes what the attempt recorded and the event that ends it, as often as it takes. Gives the new state; null when the
 * message is gone, or when `stop` was aborted first: recovery then ends it at the next start.
 */
export async function settleSurely(
  deps: SettleDeps,
  recorder: Pick<EventRecorder, "flush"> | null,
  id: string,
  event: MessageEvent,
  stop: AbortSignal,
): Promise<MessageState | null> {
  for (;;) {
    try {
      recorder?.flush();
      return deps.spool.settle(id, event);
    } catch (error) {
      deps.log.write("not_settled", { id, event: event.type, reason: reasonOf(error) });
      if (stop.aborted) return null;
      await pause(deps.clock, stop);
    }
  }
}

function pause(clock: Pick<Clock, "after">, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      stop.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(PAUSE_MS, end);
    stop.addEventListener("abort", end, { once: true });
  });
}
