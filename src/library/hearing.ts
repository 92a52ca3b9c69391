/** How whoever asks hears of what goes on beside the answer. Nothing in the library prints. */
import type { Message } from "../domain/message.ts";
import type { MessageState } from "../domain/status.ts";
import { reasonOf } from "../support/reason-of.ts";
import { isSystemError } from "../support/system-error.ts";

export interface Hearing {
  /** What is good to know. */
  note(text: string): void;
  /** What must be known. */
  warn(text: string): void;
  /** Aborted: stop waiting. What was accepted stays so. */
  readonly signal?: AbortSignal;
  /** These are waited for from now on. */
  onWaiting?(messages: readonly Message[]): void;
  /** An attempt has ended, and with it perhaps the message. */
  onChange?(id: string, state: MessageState): void;
}

/**
 * For what comes after the point from which a failure must not say that all has failed: the message is accepted, the body
 * is printed. Where the system refuses it, that is told and it goes on.
 */
export function besides(hearing: Pick<Hearing, "warn">, what: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    hearing.warn(`${what}: ${reasonOf(cause)}`);
  }
}
