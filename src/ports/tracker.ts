/** The view of all messages for people and scripts (`runtime/message_delivery_tracking.json`). */
import type { Message } from "../domain/message.ts";
import type { MessageState } from "../domain/status.ts";
import type { Waiting } from "./store.ts";

export interface Tracker {
  /** These messages wait now; those not named here and not told by `changed` no longer do. */
  waiting(all: readonly Waiting[]): void;
  /** This became of the message. */
  changed(message: Message, state: MessageState): void;
  /** Writes what is not written yet. Never throws. */
  flush(): void;
}
