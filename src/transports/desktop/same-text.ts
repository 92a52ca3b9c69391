/**
 * When two texts are the same. Rich editors give line breaks back doubled and count a lone line break as empty: texts
 * are equal when they are so up to runs of line breaks and trailing blanks, every other character being exactly the same.
 */
import { hasOneCharacter, withoutLastCharacter } from "../../domain/last-character.ts";

export function sameText(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

/** True when the composer held nothing that a person would miss. */
export function isBlank(text: string): boolean {
  return plain(text) === "";
}

/** Only swarm writes texts with one: however often they stand there, they are no person's. */
const MESSAGE_ID = /\bmsg_\d{8}_\d{6}_[0-9a-f]{8}\b/;

/** `msg_`, and what no other message of that second has. */
const ID_BEGIN = 4;
const ID_END = 8;
/** So many characters of our text do not stand in a person's by chance, where it is to go on. */
const SURE_PART = 4;
const SURE_END = 3;
const LONGEST_TYPED = 80;

/** True when `text` can hold a text with this id: one half of the id is there, where a person typed into the other. */
export function mayHold(text: string, id: string): boolean {
  return text.includes(id.slice(-ID_END)) || text.includes(id.slice(0, -ID_END));
}

export function messageIdIn(text: string): string | null {
  return MESSAGE_ID.exec(text)?.[0] ?? null;
}

/** What `whole` holds besides `part`, at its end, its beginning or in between; null: it is not there, or not surely. */
export function without(whole: string, part: string): string | null {
  const piece = plain(part);
  const rests = piece === "" ? [] : plain(whole).split(piece);
  const isSure = rests.length === 2 || (rests.length > 2 && messageIdIn(piece) !== null);
  // Put together as it was: a caret may have stood in the middle of a line.
  return isSure ? plain(rests.join("")) : null;
}

/** The same for a text of ours whose last character, which is selected before Enter, a person's key may have replaced. */
export function besides(whole: string, own: string): string | null {
  return without(whole, own) ?? without(whole, withoutLastCharacter(plain(own))) ?? around(whole, own);
}

/**
 * A text of ours is known by its id, also where a person typed into the middle of it, or of the id, or over its end. What
 * is not surely ours stays.
 */
function around(whole: string, own: string): string | null {
  const [all, piece] = [plain(whole), plain(own)];
  const id = MESSAGE_ID.exec(piece);
  if (id === null) return null;
  const start = all.indexOf(piece.slice(0, id.index + ID_BEGIN));
  if (start < 0) return null;
  const written = followed(all.slice(start), piece);
  const behind = all.slice(start + written.length);
  // A beginning alone is no text of ours yet.
  const isBegun = written.known < piece.length && written.typed + behind === "";
  if (isBegun || written.known < id.index + id[0].length) return null;
  return plain(all.slice(0, start) + written.typed + behind);
}

/**
 * Follows `own` through `text`, which begins as it does: what was typed into it, how long it is with that, and how much of
 * `own` is there. What was selected where something was typed, one character at most, is gone.
 */
function followed(text: string, own: string) {
  let [length, known, typed] = [0, 0, ""];
  for (;;) {
    const common = commonLength(text.slice(length), own.slice(known));
    [length, known] = [length + common, known + common];
    const next = known < own.length ? resumed(text, length, own, known) : null;
    if (next === null) return { length, known, typed };
    typed += text.slice(length, next.at);
    [length, known] = [next.at, next.known];
  }
}

/** Where `own` goes on in `text` behind what was typed into it. */
function resumed(text: string, from: number, own: string, known: number) {
  for (let at = from; at <= from + LONGEST_TYPED && at < text.length; at++) {
    for (const left of [known, known + 1]) {
      const rest = own.slice(left);
      const common = commonLength(text.slice(at), rest);
      const isEnd = common === rest.length && (common >= SURE_END || at + common === text.length);
      if (common >= SURE_PART || (common > 0 && isEnd)) return { at, known: left };
    }
  }
  return null;
}

/** A shorter text of another program may be a part of anything. */
const COPIED_LEAST = 8;

/** What `whole` holds besides a text of another program, which a paste of ours put at an edge of it or in place of all. */
export function besideCopied(whole: string, copied: string): string | null {
  const rest = without(whole, copied);
  if (rest !== null && isBlank(rest)) return rest;
  if (copied.length < COPIED_LEAST || !isBeginOrEnd(whole, copied)) return null;
  return rest ?? without(whole, withoutLastCharacter(plain(copied)));
}

/** True when `part`, but for its last character, is how `whole` begins or ends. */
function isBeginOrEnd(whole: string, part: string): boolean {
  const [all, piece] = [plain(whole), plain(part)];
  return all.startsWith(withoutLastCharacter(piece)) || all.endsWith(piece);
}

/** True when `end` can be the last character of `text`. */
export function isSameEnd(end: string, text: string): boolean {
  return plain(text).endsWith(plain(end));
}

/** True when `read` is the text with nothing but its last character missing. */
export function isCut(read: string, text: string): boolean {
  const [kept, whole] = [plain(read), plain(text)];
  return kept !== "" && kept !== whole && whole.startsWith(kept) && hasOneCharacter(whole.slice(kept.length));
}

/** True when a paste put the draft there once more: from a copy that a page which stood still answered late. */
export function isDoubled(now: string, draft: string): boolean {
  return !isBlank(draft) && (sameText(now, draft + draft) || sameText(now, `${draft}\n${draft}`));
}

/** So much of a draft tells that it is this one. */
const KNOWN_PART = 0.6;
const LEAST_PART = 5;
const LEAST_DRAFT = 3;

/**
 * What a person has made of a draft, in a text that was read: with its last character again, which is selected before Enter
 * and may have been replaced by a key; without copies of it that a page pasted behind it. Null: the draft is not there.
 */
export function edited(now: string, draft: string): string | null {
  const [all, piece] = [halfOf(now) ?? plain(now), plain(draft)];
  const part = piece.slice(0, Math.max(LEAST_PART, Math.ceil(piece.length * KNOWN_PART)));
  const start = all.indexOf(part);
  if (part.length < LEAST_DRAFT) return null;
  if (start < 0) return isWrittenInto(all, piece) ? all : null;
  const found = commonLength(all.slice(start), piece);
  const cut = Math.max(part.length, withoutLastCharacter(piece).length);
  const first = found >= cut ? piece : piece.slice(0, found);
  let rest = all.slice(start + found);
  for (let at = rest.indexOf(part); at >= 0; at = rest.indexOf(part, at)) {
    const length = commonLength(rest.slice(at), piece);
    if (length < Math.min(found, cut)) at += 1;
    else rest = rest.slice(0, at).replace(/\n$/, "") + rest.slice(at + length);
  }
  return all.slice(0, start) + first + rest;
}

/** True when all of `piece` is in `all`, with something else in one place within it. */
function isWrittenInto(all: string, piece: string): boolean {
  const start = all.indexOf(piece.slice(0, LEAST_PART));
  if (start < 0) return false;
  const length = commonLength(all.slice(start), piece);
  return all.includes(piece.slice(length), start + length);
}

export function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** True when what is read now is the draft that is known, once more, or a part of it: nothing that a person added. */
export function isOfDraft(now: string, draft: string): boolean {
  return isDoubled(now, draft) || plain(draft).includes(plain(now));
}

/** What a text holds twice, or null: `my draft` of `my draftmy draft`. */
export function halfOf(text: string): string | null {
  const all = plain(text);
  const middle = all.length / 2;
  if (all === "") return null;
  if (Number.isInteger(middle))
    return all.slice(0, middle) === all.slice(middle) ? all.slice(0, middle) : null;
  const isSplit =
    all[Math.floor(middle)] === "\n" && all.slice(0, Math.floor(middle)) === all.slice(Math.ceil(middle));
  return isSplit ? all.slice(0, Math.floor(middle)) : null;
}

/** True when `read` is the text with more line breaks in a row than it has. */
export function isWidened(read: string, text: string): boolean {
  return sameText(read, text) && breaksIn(read) > breaksIn(text);
}

function breaksIn(text: string): number {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/^\n+|\n+$/g, "")
    .split("\n").length;
}

/** True when it has many more, and not because a single one can't be had. */
export function isFarWider(read: string, text: string): boolean {
  return sameText(read, text) && breaksIn(read) > breaksIn(text) * 1.5 + 1;
}

/** True when it has fewer. */
export function isNarrower(read: string, text: string): boolean {
  return sameText(read, text) && breaksIn(read) < breaksIn(text);
}

/** Half as many line breaks in a row, and no fewer than one. */
export function narrowed(text: string): string {
  return text.replace(/\n+/g, (run) => "\n".repeat(Math.ceil(run.length / 2)));
}

/** Without the doubling of line breaks: each time that a text goes through a rich editor, it would have twice as many. */
export function plain(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t\u00a0]+(?=\n|$)/g, "")
    .replace(/\n{2,}/g, "\n")
    .replace(/^\n|\n$/g, "");
}
