/** Text of a person that stands in the composer: on disk before anything replaces it. */
import type { DeliveryError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isSentinel } from "../../domain/sentinel.ts";
import type { Content } from "../../ports/desktop.ts";
import {
  besideCopied,
  besides,
  edited,
  halfOf,
  isBlank,
  isDoubled,
  mayHold,
  messageIdIn,
  sameText,
  without,
} from "./same-text.ts";
import { deferred, type Work } from "./work.ts";

/** More than this is not a draft but the wrong field: an editor. */
const DRAFT_CHARACTERS = 4_000;
const DRAFT_LINES = 60;

/**
 * Saves a draft before anything replaces it; refuses what is too large to be one. Null: saved. A draft that is not back yet
 * stays one: what was found later is put behind it.
 */
export function keepDraft(work: Work, content: Content): Outcome | null {
  const found = withoutForeign(work, withoutOwn(work, content));
  if (found === null) return null;
  if (isTooLarge(found.text)) return deferred(editorThere(work, found.text));
  const known = work.draft?.content.text ?? "";
  const now = edited(found.text, known);
  if (now !== null && !sameText(now, found.text)) return saveOnce(work, found, now);
  const isThere = now !== null || isBlank(known) || without(found.text, known) !== null;
  return save(work, isThere ? found : { text: `${known}\n${found.text}`, flavors: {} });
}

/** Texts of ours that stand beside a draft are no part of it. Null: nothing else is there. */
function withoutOwn(work: Work, content: Content): Content | null {
  const ours = ownTextIn(work, content.text);
  if (ours === null) return content;
  keepQuoted(work, ours, content.text);
  return isBlank(ours.rest) ? null : withoutOwn(work, { text: ours.rest, flavors: {} });
}

/** A person may have quoted a message to somebody else, or written around one: on disk before it goes. */
export function keepQuoted(work: Work, { own, rest }: OursIn, read: string): void {
  if (own !== work.attempt.text || !isBlank(rest)) keepOnDisk(work, read);
}

/** What may be a person's after all: nothing is put back, and nothing is lost. */
export function keepOnDisk({ attempt }: Work, read: string): void {
  attempt.saveDraft(JSON.stringify({ text: read, flavors: {} }));
}

/**
 * What another program had copied, and a paste of ours put there, is no part of what a person has typed beside it. A
 * person may have pasted it as well: on disk before it goes.
 */
function withoutForeign(work: Work, content: Content | null): Content | null {
  if (content === null) return null;
  for (const copied of work.foreign) {
    const rest = besideCopied(content.text, copied);
    if (rest === null) continue;
    keepOnDisk(work, content.text);
    return isBlank(rest) ? null : withoutForeign(work, { text: rest, flavors: {} });
  }
  return content;
}

/** Both are on disk, for a person may have written it so; what stands there now is no draft any more. */
function saveOnce(work: Work, twice: Content, once: string): null {
  save(work, twice);
  work.foreign = [...work.foreign, twice.text];
  return save(work, { text: once, flavors: {} });
}

function save(work: Work, content: Content): null {
  const file = work.attempt.saveDraft(JSON.stringify(content));
  work.attempt.record({ type: "draft_saved", at: work.clock.now(), file }, true);
  work.draft = { content, file };
  work.isDraftKnown = true;
  return null;
}

/**
 * A page that answered late may have pasted its own copy, and a draft stands there twice that nobody has saved: it is put
 * back once. True: so it was.
 */
export function keepOnce(work: Work, now: string, once: string | null = halfOf(now)): boolean {
  if (work.draft !== null || once === null || isTooLarge(once) || isOwnText(work, now)) return false;
  saveOnce(work, { text: now, flavors: {} }, once);
  return true;
}

/** Nothing is owed any more: the draft `isBack`, or a person, or the page itself, has removed or submitted it. */
export function settleDraft(work: Work, isBack: boolean): void {
  if (work.draft === null) return;
  work.attempt.record({ type: "draft_restored", at: work.clock.now(), file: work.draft.file }, false);
  work.restoredDraft = isBack ? work.draft.content.text : null;
  work.draft = null;
  work.isDraftBack = false;
}

/** The text of this attempt, or one of an earlier one that had to be left: no draft, and removed instead of put back. */
export function isOwnText({ attempt }: Work, text: string): boolean {
  return (
    isSentinel(text) ||
    [attempt.text, ...attempt.recentTexts].some((own) => hasIdOf(own, text) && isOwn(own, text))
  );
}

/** A text of ours in what was read, and what a person has typed into it or stood beside it. */
export interface OursIn {
  readonly own: string;
  readonly rest: string;
}

/** Null: nothing of it is ours. */
export function ownTextIn({ attempt }: Work, read: string): OursIn | null {
  for (const own of [attempt.text, ...attempt.recentTexts]) {
    if (!hasIdOf(own, read)) continue;
    if (isOwn(own, read)) return { own, rest: "" };
    // Any short text may be a part of a draft; one that carries an id is ours.
    const rest = messageIdIn(own) === null ? null : besides(read, own);
    if (rest !== null) return { own, rest };
  }
  return null;
}

/** False: `text` lacks the message id that `own` has, and can't hold it. */
function hasIdOf(own: string, text: string): boolean {
  const id = messageIdIn(own);
  return id === null || mayHold(text, id);
}

function isOwn(own: string, text: string): boolean {
  return sameText(own, text) || isDoubled(text, own);
}

export function isTooLarge(text: string): boolean {
  // Rich editors give each line break back as two, and as four what was put back so.
  return text.length > DRAFT_CHARACTERS || text.split(/\n+/).length > DRAFT_LINES;
}

export function editorThere(work: Work, text: string): DeliveryError {
  return {
    code: "draft_present",
    message: `the input point of ${work.agent.name} lies in a field that holds ${text.length} characters in ${text.split("\n").length} lines: that is no draft but the wrong field, such as an editor`,
    hint: `nothing was changed; show swarm the agent's input field: swarm calibrate ${work.agent.name}`,
  };
}
