/** Commands of tmux as one line of its command language: nothing in an argument is expanded. */

/** Commands one after the other, as one line. */
export function commandLine(commands: readonly (readonly string[])[]): string {
  return commands.map((command) => command.map(quoted).join(" ")).join(" ; ");
}

function quoted(argument: string): string {
  const escaped = argument.replace(/[\\"$~\u0000-\u001f\u007f]/g, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    // A tilde is expanded also right behind a quote.
    const isByNumber = character < " " || character >= "~";
    return isByNumber ? `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}` : `\\${character}`;
  });
  return `"${escaped}"`;
}
