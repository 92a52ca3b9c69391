import { bare, showsAll, showsMark, showsTail } from "./same-screen-text.ts";
import { type Seen, textOf, type Work } from "./work.ts";

/** The composer holds exactly the text, as far as it can show it. */
export function holdsText({ attempt, profile }: Work, seen: Pick<Seen, "reading">): boolean {
  const text = textOf(seen);
  if (text === "" || seen.reading.kind !== "composer") return false;
  if (showsAll(text, attempt.text) || showsMark(text, attempt.text, profile.longPaste)) return true;
  // A tall text may have scrolled: its end fills all that is shown.
  return (
    text.includes("\n") && bare(text).length < bare(attempt.text).length && showsTail(text, attempt.text)
  );
}
