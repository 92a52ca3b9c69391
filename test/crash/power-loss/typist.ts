/** An agent whose composer loses everything with the power, and whose deeds outlive it. */

import type { DeliveryError } from "../../../src/domain/errors.ts";
import type { Outcome } from "../../../src/domain/outcome.ts";
import type { Attempt, Transport } from "../../../src/ports/transport.ts";

export const DRAFT = "half a thought of a person";
const BUSY: DeliveryError = { code: "not_submitted", message: "It stood still.", hint: "None." };

/** What an attempt shall do. */
export type Script = "submit" | "defer" | "fail";

export interface Typist extends Transport {
  /** Ids of the messages for which Enter was pressed; nothing takes that back. */
  readonly submitted: readonly string[];
  /** What was wrong with what it was given. */
  readonly faults: readonly string[];
}

/** `onDeed` hears of what can't be taken back, in the moment in which it is done. */
export function typist(
  script: (attempt: Attempt) => Script,
  onDeed: (what: string) => void = () => undefined,
): Typist {
  const submitted: string[] = [];
  const faults: string[] = [];
  return {
    submitted,
    faults,
    deliver: (attempt) => Promise.resolve(type(attempt, script(attempt))),
    resume: (attempt) => Promise.resolve(lookAfter(attempt)),
    close: () => Promise.resolve(),
  };

  function type({ message: { id }, record, saveDraft }: Attempt, what: Script): Outcome {
    const at = Date.now();
    record({ type: "intent", at, window: "w" }, true);
    record({ type: "draft_saved", at, file: saveDraft(DRAFT) }, true);
    onDeed(`replaced ${id}`);
    if (what === "fail") return { kind: "rejected", error: BUSY };
    if (what === "defer") return { kind: "deferred", error: BUSY };
    record({ type: "typed", at, ms: 1 }, true);
    submitted.push(id);
    onDeed(`submitted ${id}`);
    record({ type: "submitted", at, ms: 1, enters: 1 }, false);
    return { kind: "confirmed" };
  }

  /** After the power cut the composer is empty. */
  function lookAfter({ message: { id }, state, readDraft }: Attempt): Outcome {
    if (state.draftFile !== null && readDraft(state.draftFile) !== DRAFT)
      faults.push(`the draft that ${id} replaced can't be put back`);
    if (state.step === "submitted") return { kind: "confirmed" };
    return { kind: state.step === "typed" ? "unknown" : "deferred", error: BUSY };
  }
}
