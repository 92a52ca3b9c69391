/** Records the events of one attempt for all messages that it types in one turn. */
import type { DeliveryError } from "../domain/errors.ts";
import type { MessageEvent } from "../domain/events.ts";
import type { MessageState } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { stepOf } from "./joining.ts";

/** A message of a turn, and what writes its events. */
export interface Member {
  readonly stored: StoredMessage;
  readonly recorder: EventRecorder;
}

export type Recorder = Pick<EventRecorder, "state" | "record" | "waits" | "close">;

/** One recorder for all; `first` is the message that is in front. */
export function recorderOf(first: Member, others: readonly Member[]): Recorder {
  return others.length === 0 ? first.recorder : new JoinedRecorder(first, others);
}

class JoinedRecorder implements Recorder {
  readonly #first: Member;
  readonly #all: readonly Member[];

  constructor(first: Member, others: readonly Member[]) {
    this.#first = first;
    // The one in front last: what it says has been said by all.
    this.#all = [...others, first];
  }

  get state(): MessageState {
    const step = stepOf(this.#all.map(({ recorder }) => recorder));
    return { ...this.#first.recorder.state, step };
  }

  record(event: MessageEvent, isDurable: boolean): void {
    if (!isOfEach(event)) this.#first.recorder.record(event, isDurable);
    // A proof that some have and others not would be no proof for these after a power cut.
    else
      for (const { recorder } of this.#all) recorder.record(event, isDurable || event.type === "submitted");
  }

  waits(at: number, error: DeliveryError): void {
    for (const { recorder } of this.#all) recorder.waits(at, error);
  }

  close(): void {
    for (const { recorder } of this.#all) recorder.close();
  }
}

/** Events that are about the text, and so about each message in it; the others are about the composer. */
function isOfEach({ type }: MessageEvent): boolean {
  return type === "joined" || type === "intent" || type === "typed" || type === "submitted";
}
