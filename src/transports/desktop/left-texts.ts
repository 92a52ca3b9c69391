/** Texts that attempts had to leave in composers, unsubmitted: whoever presses Enter there submits them. */
import { leftStanding, type Outcome } from "../../domain/outcome.ts";
import type { Attempt } from "../../ports/transport.ts";
import { holdsNow } from "./control.ts";
import { noComposer } from "./first-look.ts";
import { RESUME_LOOK_MS } from "./resume.ts";
import { besides, isBlank, sameText } from "./same-text.ts";
import { deferred, leftMs, look, lookKeys, mayBeSubmitted, refused, type Work } from "./work.ts";

export interface LeftTexts {
  /** Before anything else of an attempt. The message's record tells whether a text is left; since when is known to the worker that left it. */
  recall(attempt: Attempt): void;
  /** What became of the text that an attempt before at this message had to leave; before anything is typed. */
  find(work: Work): Promise<Found>;
  /** What an attempt leaves that ends so. `isClean`: its composer is as it was found. */
  note(work: Work, isClean: boolean, outcome: Outcome): void;
  /** The outcome of an attempt, which says so where the text stands in the composer. */
  told(attempt: Attempt, outcome: Outcome): Outcome;
  /** An attempt at another message has replaced these: they were not submitted. */
  replaced(texts: readonly string[]): void;
}

export type Found =
  /** It stands there still, was not submitted, or none was left: the attempt goes on. */
  | { readonly kind: "known" }
  /** A person may have submitted it. */
  | { readonly kind: "gone" }
  /** Nobody can tell just now. */
  | { readonly kind: "unseen"; readonly end: Outcome };

interface LeftText {
  readonly text: string;
  /** From when on it may have been submitted by a person, on the monotonic clock; null: swarm itself may have done so. */
  readonly at: number | null;
}

export function leftTexts(): LeftTexts {
  const byMessage = new Map<string, LeftText>();
  return {
    recall({ message, state, text }) {
      if (!state.isTextLeft) byMessage.delete(message.id);
      else if (!byMessage.has(message.id)) byMessage.set(message.id, { text, at: null });
    },
    async find(work) {
      const { id } = work.attempt.message;
      const left = byMessage.get(id);
      if (left === undefined) return { kind: "known" };
      const there = await standsThere(work);
      if (typeof there !== "boolean") return { kind: "unseen", end: there };
      work.isTextLeft = there;
      work.isTextSeen = there;
      if (there || !(await mayBeSubmitted(work, left.at))) return { kind: "known" };
      byMessage.delete(id);
      return { kind: "gone" };
    },
    note(work, isClean, outcome) {
      const { id } = work.attempt.message;
      const isLeft = !isClean && work.isTextLeft && work.isTextSeen && outcome.kind !== "unknown";
      if (isLeft) {
        const at = work.mayBeEntered ? null : (work.knownAt ?? work.begunAt);
        byMessage.set(id, { text: work.attempt.text, at });
      }
      // Else nothing was typed, and what an attempt before had to leave was not looked at.
      else if (work.isRead || work.isTextLeft) byMessage.delete(id);
    },
    told(attempt, outcome) {
      return byMessage.has(attempt.message.id) ? standing(attempt, outcome) : outcome;
    },
    replaced(texts) {
      for (const [id, { text }] of byMessage) if (texts.includes(text)) byMessage.delete(id);
    },
  };
}

/** Whether the composer holds the text; or how the attempt ends where nobody can tell. */
async function standsThere(work: Work): Promise<boolean | Outcome> {
  const { text: own } = work.attempt;
  const looked = await look(work, lookKeys(work), RESUME_LOOK_MS);
  if (!looked.ok) return refused(looked);
  if (looked.look.kind === "text" && !isBlank(looked.look.content.text)) {
    const { text } = looked.look.content;
    return sameText(text, own) || besides(text, own) !== null;
  }
  // A page that stands still is silent too.
  const control = await holdsNow(work, leftMs(work) / 2);
  if (!control.ok) return refused(control);
  if (control.holds === "no_answer") return deferred(noComposer(work, "answers nothing"));
  return control.holds === "text" || control.holds === "cut" || control.holds === "mixed";
}

/** Where no further attempt follows, that is no failed message, of which nothing is left. */
function standing(attempt: Attempt, outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case "deferred":
    case "handed_back":
      return { ...outcome, standing: leftStanding(attempt.message, outcome.error) };
    case "rejected":
      return { kind: "unknown", error: leftStanding(attempt.message, outcome.error) };
    default:
      return outcome;
  }
}
