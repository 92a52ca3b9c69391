/** Texts of ours in a composer, and what a person has typed before or behind one. */
import type { Attempt } from "../../ports/transport.ts";
import { bare, hasRows, isBlank, LEAST_TAIL, showsAll, showsMark } from "./same-screen-text.ts";
import type { Work } from "./work.ts";

/** Each is typed behind all else, to see that it is done with. */
export const MARKS: readonly string[] = [".", ",", ";", "_"];

const MESSAGE_ID = /\bmsg_\d{8}_\d{6}_[0-9a-f]{8}\b/;

/**
 * What a person has typed beside a text of ours that an earlier attempt had to leave. Null: none stands there. Ours is
 * what bears the id of a message, or a mark for just as long a paste: any other text may be the person's own.
 */
export function besideEarlier({ attempt, profile, draft }: Work, shown: string): string | null {
  const beforeCut = isCutOff(attempt) && draft ? beforeOwnCut(shown, attempt.text, 1) : null;
  if (beforeCut !== null && draft && showsAll(beforeCut, draft.text)) return beforeCut;
  for (const own of [attempt.text, ...attempt.recentTexts]) {
    const isMarked = MESSAGE_ID.test(own) && hasRows(shown, MESSAGE_ID.exec(own)?.[0] ?? "");
    const isLong = own === attempt.text && isCutOff(attempt) && showsLength(shown, own, profile.longPaste);
    const whole = isMarked || isLong ? besideOwn(shown, own, profile.longPaste) : null;
    const rest = whole === null && isMarked ? beforeOwnCut(shown, own, LEAST_TAIL) : whole;
    if (rest !== null) return isCutOff(attempt) && isBlank(withoutMarks(rest)) ? "" : rest;
  }
  return null;
}

/** The text of this message stands there, of an attempt before, and the agent has no keys that take it out. */
export function isStuck(work: Work, shown: string): boolean {
  if (work.profile.clear.length > 0) return false;
  return besideEarlier({ ...work, attempt: { ...work.attempt, recentTexts: [] } }, shown) !== null;
}

/** An earlier attempt at this message may have left something. */
function isCutOff({ state }: Attempt): boolean {
  return state.totalAttempts > 1 || state.step === "intent";
}

/** The agent's mark for a paste, which tells how long it is: as long as ours. */
function showsLength(shown: string, own: string, longPaste: string): boolean {
  const mark = new RegExp(longPaste).exec(shown)?.[0] ?? "";
  return /\d/.test(mark.replace(/#\d+/g, "")) && showsMark(mark, own, longPaste);
}

/** Text of ours that an earlier attempt had to leave, and the character behind it. */
export function isOwn({ attempt, profile }: Work, text: string): boolean {
  const owns = [attempt.text, ...attempt.recentTexts];
  if (owns.some((own) => showsAll(text, own))) return true;
  if (!isCutOff(attempt)) return false;
  const shown = withoutMarks(text);
  const isLong = shown === new RegExp(profile.longPaste).exec(shown)?.[0];
  return (
    (isLong && showsLength(shown, attempt.text, profile.longPaste)) ||
    ["", ...owns].some((own) => isBeforeMarks(text, own))
  );
}

/** The text, and behind it the characters of attempts that were cut off. */
export function isBeforeMarks(shown: string, text: string): boolean {
  return endsWithMark(shown.trimEnd()) && showsAll(withoutMarks(shown), withoutMarks(text));
}

/** Nothing but such characters. */
export function isMarks(shown: string): boolean {
  return !isBlank(shown) && withoutMarks(shown) === "";
}

function withoutMarks(text: string): string {
  let end = text.trimEnd();
  while (endsWithMark(end)) end = end.slice(0, -1).trimEnd();
  return end;
}

function endsWithMark(text: string): boolean {
  return MARKS.some((mark) => text.endsWith(mark));
}

/**
 * The rest of what is shown, without `own`, its end (where its beginning has scrolled out of sight) or the agent's mark
 * for it. Null: none of these is there, or they are all that is there is unknown.
 */
export function besideOwn(shown: string, own: string, longPaste: string): string | null {
  const mark = new RegExp(longPaste).exec(shown);
  if (mark && showsMark(mark[0], own, longPaste)) return cut(shown, mark.index, mark.index + mark[0].length);
  const wanted = bare(own);
  if (wanted === "") return null;
  const characters = compared(shown);
  const seen = characters.map(({ character }) => character).join("");
  const at = seen.indexOf(wanted);
  if (at >= 0) return without(shown, characters, at, at + wanted.length, own);
  for (let end = seen.length; end >= LEAST_TAIL; end--) {
    if (wanted.endsWith(seen.slice(0, end))) return without(shown, characters, 0, end, own);
  }
  return null;
}

/**
 * What is shown before `own` where the end of that is missing, as taking it out was broken off. Null: not so, or fewer
 * than `least` characters of it are left.
 */
export function beforeOwnCut(shown: string, own: string, least: number): string | null {
  const wanted = bare(own);
  const characters = compared(shown);
  const seen = characters.map(({ character }) => character).join("");
  for (let at = 0; at <= seen.length - least; at++)
    if (wanted.startsWith(seen.slice(at))) return cut(shown, characters[at]?.from ?? 0, shown.length);
  return null;
}

interface Compared {
  /** One code unit of what is compared. */
  readonly character: string;
  /** Where the character it belongs to begins and ends in what is shown. */
  readonly from: number;
  readonly to: number;
}

function compared(shown: string): readonly Compared[] {
  const found: Compared[] = [];
  let from = 0;
  for (const character of shown) {
    const to = from + character.length;
    for (const unit of bare(character).split("")) found.push({ character: unit, from, to });
    from = to;
  }
  return found;
}

/** Emoji at the end of our text are not compared, and belong to it nevertheless. */
function without(shown: string, all: readonly Compared[], from: number, to: number, own: string): string {
  let end = all[to - 1]?.to ?? shown.length;
  const emoji = new Set(uncomparedEnd(own));
  let at = end;
  for (const character of shown.slice(end)) {
    at += character.length;
    if (emoji.has(character)) end = at;
    else if (!isBlank(character)) break;
  }
  return cut(shown, all[from]?.from ?? 0, end);
}

function uncomparedEnd(own: string): readonly string[] {
  const characters = [...own];
  const last = characters.findLastIndex((character) => bare(character) !== "");
  return characters.slice(last + 1).filter((character) => !isBlank(character));
}

function cut(shown: string, from: number, to: number): string {
  const rest = shown.slice(0, from) + shown.slice(to);
  return isBlank(rest) ? "" : rest.replace(/^\n+|\n+$/g, "");
}
