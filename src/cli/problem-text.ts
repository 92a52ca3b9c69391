/** What goes wrong, as it stands on standard error: what happened, and below it what to do now. */
import { isTerminal, terminalWidth } from "./output.ts";
import { wrapped } from "./render.ts";

export interface ProblemText {
  /** What happened, to which thing, and why. May have several lines. */
  readonly what: string;
  /** What to do now. */
  readonly hint: string;
  /** Lines that stand between the two as they are: a stack. */
  readonly details?: string;
  /** Where the text of the message is, if that helps. */
  readonly file?: string | null;
}

/** Broken at blanks to the width of the terminal; as it is where there is none, for logs and scripts. */
export function problemText({ what, hint, details, file = null }: ProblemText): string {
  const columns = isTerminal("stderr") ? terminalWidth("stderr") : Number.POSITIVE_INFINITY;
  const [first = "", ...more] = safe(what).split("\n");
  return [
    wrapped(first, columns, "swarm: ", "       "),
    ...more.map((line) => wrapped(line.trim(), columns, "  ", "    ")),
    ...(details === undefined ? [] : [details]),
    wrapped(safe(hint), columns, "  hint: ", "        "),
    ...(file === null ? [] : [`  text: ${safe(file)}`]),
    "",
  ].join("\n");
}

/** Without control characters but line ends: window titles and other programs' words go to the terminal. */
function safe(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]+/g, " ");
}
