/**
 * A message that begins with a dash: `swarm send Agent-2 "-x is broken"`. Whoever writes a blank into an argument means
 * text, so such an argument is marked (with a character that no argument can hold) before commander sees it, and
 * unmarked after.
 */

const MARK = "\u0000";

/** Behind `--` everything is text already; `--from="My Name"` is an option with its value. */
export function markTexts(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return argv.map((argument, at) => {
    const isText = argument.startsWith("-") && /\s/.test(argument) && !/^--[a-z][a-z-]*=/.test(argument);
    return isText && (end === -1 || at < end) ? MARK + argument : argument;
  });
}

/** The value as it was given; texts in lists too. */
export function unmarked<T>(value: T): T {
  if (typeof value === "string") return value.replace(MARK, "") as T;
  if (Array.isArray(value)) return value.map(unmarked) as T;
  return value;
}
