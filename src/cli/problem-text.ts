/** What goes wrong, as it stands on standard error: what happened, and below it what to do now. */
import { isTerminal } from "./output.ts";
import { wrapped } from "./render.ts";

/** Broken at blanks to the width of the terminal; as it is where there is none, for logs and scripts. */
export function problemText(what: string, hint: string, details?: string): string {
  const columns = isTerminal("stderr") ? (process.stderr.columns ?? 80) : Number.POSITIVE_INFINITY;
  const [first = "", ...more] = safe(what).split("\n");
  return [
    wrapped(`swarm: ${first}`, columns, "  "),
    ...more.map((line) => wrapped(line, columns, "      ")),
    ...(details === undefined ? [] : [details]),
    wrapped(`  ${safe(hint)}`, columns, "  "),
    "",
  ].join("\n");
}

/** Without control characters but line ends: window titles and other programs' words go to the terminal. */
function safe(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]+/g, " ");
}
