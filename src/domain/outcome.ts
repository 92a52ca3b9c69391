/** How one attempt ended. */
import type { DeliveryError } from "./errors.ts";
import type { Message } from "./message.ts";

export type Outcome =
  /** Proven; the evidence was recorded as events. */
  | { readonly kind: "confirmed" }
  /**
   * Not delivered; may be tried again, and counts. `standing`: its text could not be taken out of the composer, where a
   * person may submit it; the error of `unconfirmed` where no attempt follows. Without it nothing is left behind.
   */
  | { readonly kind: "deferred"; readonly error: DeliveryError; readonly standing?: DeliveryError }
  /** Not delivered through no fault of it (a person typing, screen locked, lock lost); does not count. */
  | {
      readonly kind: "handed_back";
      readonly error: DeliveryError;
      readonly retryInMs?: number;
      /** As in `deferred`. */
      readonly standing?: DeliveryError;
    }
  /** No retry mends it. */
  | { readonly kind: "rejected"; readonly error: DeliveryError }
  /** It may have been submitted, and nothing proves it: never typed again by itself. */
  | { readonly kind: "unknown"; readonly error: DeliveryError };

/** The error of `standing`: what came in the way, and that the text is still there. */
export function leftStanding({ id, recipient }: Message, error: DeliveryError): DeliveryError {
  return {
    ...error,
    message: `${error.message}; its text still stands in the input field of ${recipient}`,
    hint: `remove or submit it there by hand; to send it anew: swarm retry-failed --unconfirmed --id ${id}`,
  };
}
