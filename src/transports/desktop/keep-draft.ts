/** Text of a person that stands in the composer: on disk before anything replaces it. */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Content } from "../../ports/desktop.ts";
import { isDoubled, sameText } from "./same-text.ts";
import { deferred, type Work } from "./work.ts";

/** More than this is not a draft but the wrong field: an editor. */
const DRAFT_CHARACTERS = 4_000;
const DRAFT_LINES = 60;

/** Saves a draft before anything replaces it; refuses what is too large to be one. Null: saved. */
export function keepDraft(work: Work, content: Content): Outcome | null {
  if (isTooLarge(content.text)) return deferred(editorThere(work, content.text));
  const file = work.attempt.saveDraft(JSON.stringify(content));
  work.attempt.record({ type: "draft_saved", at: work.clock.now(), file }, true);
  work.draft = { content, file };
  return null;
}

/** The text of this attempt, or one of an earlier one that had to be left: no draft, and removed instead of put back. */
export function isOwnText({ attempt }: Work, text: string): boolean {
  return [attempt.text, ...attempt.recentTexts].some((own) => sameText(own, text) || isDoubled(text, own));
}

export function isTooLarge(text: string): boolean {
  return text.length > DRAFT_CHARACTERS || text.split("\n").length > DRAFT_LINES;
}

export function editorThere(work: Work, text: string): DeliveryError {
  return {
    code: "draft_present",
    message: `the input point of ${work.agent.name} lies in a field that holds ${text.length} characters in ${text.split("\n").length} lines: that is no draft but the wrong field, such as an editor`,
    hint: `nothing was changed; show swarm the agent's input field: swarm calibrate ${work.agent.name}`,
  };
}
