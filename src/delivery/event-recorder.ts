/**
 * Records the events of one attempt. An event that must be on disk before the next step throws when it can't be; any
 * other is kept in memory until the disk takes it, so that a full disk loses no proof.
 */
import type { DeliveryError } from "../domain/errors.ts";
import type { MessageEvent } from "../domain/events.ts";
import type { MessageState } from "../domain/status.ts";
import { applyEvent } from "../domain/status.ts";
import type { Spool, StoredMessage } from "../ports/store.ts";

/** The disk did not take an event that had to be on it before the attempt went on. */
export class NotRecordedError extends Error {
  override readonly name = "NotRecordedError";
}

export class EventRecorder {
  readonly #spool: Pick<Spool, "record">;
  readonly #id: string;
  #state: MessageState;
  #pending: MessageEvent[] = [];
  #isClosed = false;

  constructor(spool: Pick<Spool, "record">, stored: StoredMessage) {
    this.#spool = spool;
    this.#id = stored.message.id;
    this.#state = stored.state;
  }

  /** With what is still only in memory. */
  get state(): MessageState {
    return this.#state;
  }

  record(event: MessageEvent, isDurable: boolean): void {
    // An attempt that was given up may still run somewhere: it gets no further than its next record.
    if (this.#isClosed) throw new NotRecordedError(`the attempt for ${this.#id} is over`);
    if (mustPrecede(event)) {
      this.flush();
      this.#write(event, isDurable);
      this.#state = applyEvent(this.#state, event);
    } else {
      this.#keep(event, isDurable);
    }
  }

  /** After the attempt: why the message stays with the worker, once for each reason. */
  waits(at: number, error: DeliveryError): void {
    if (this.#state.error?.code !== error.code) this.#keep({ type: "waits", at, error }, false);
  }

  #keep(event: MessageEvent, isDurable: boolean): void {
    this.#state = applyEvent(this.#state, event);
    this.#pending.push(event);
    try {
      this.flush(isDurable);
    } catch (error) {
      if (!(error instanceof NotRecordedError)) throw error;
    }
  }

  /** Writes what is still only in memory. Throws NotRecordedError. */
  flush(isDurable = false): void {
    for (let event = this.#pending[0]; event; event = this.#pending[0]) {
      this.#write(event, isDurable);
      this.#pending.shift();
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  #write(event: MessageEvent, isDurable: boolean): void {
    try {
      this.#spool.record(this.#id, event, isDurable);
    } catch (cause) {
      throw new NotRecordedError(`the event ${event.type} of ${this.#id} could not be recorded`, { cause });
    }
  }
}

/** Events that must be on disk before the step that they announce. */
function mustPrecede(event: MessageEvent): boolean {
  return (
    event.type === "joined" ||
    event.type === "intent" ||
    event.type === "draft_saved" ||
    event.type === "typed"
  );
}
