/** Puts messages into the spool, or says why nothing was accepted. */

import { EXIT, SwarmError } from "../domain/errors.ts";
import type { AcceptResult, NewMessage, Outbox } from "../ports/store.ts";
import { usageError } from "./failure.ts";

type Accepted = Extract<AcceptResult, { kind: "accepted" }>["messages"];

/** Durable when it returns. Throws SwarmError when nothing was accepted. */
export function accept(outbox: Outbox, messages: readonly NewMessage[], isBroadcast: boolean): Accepted {
  const result = outbox.accept(messages, isBroadcast);
  switch (result.kind) {
    case "accepted":
      return result.messages;
    case "key_conflict":
      throw usageError(
        `the key ${JSON.stringify(result.key)} was used within a day for ${result.id} to ${result.recipient}, with another text; nothing was queued`,
        "send the same text with it, or choose another key",
      );
    case "full":
      throw new SwarmError(
        EXIT.notStored,
        `the queue is full: ${result.limit} messages wait; nothing was accepted`,
        "see with `swarm status` why they wait; `swarm worker --drain` delivers, `swarm cancel ID` takes back",
      );
    case "not_stored":
      throw new SwarmError(
        EXIT.notStored,
        `the message could not be stored in ${result.path}: ${result.cause.message}; nothing was accepted`,
        "see that the disk has room and that you may write there; then send it again",
        result.cause,
      );
    default:
      return result satisfies never;
  }
}
