/** A way to give commands to one tmux server. */

export type Command = readonly string[];

export interface TmuxBuffer {
  readonly name: string;
  readonly text: string;
}

/** What the commands printed, line by line; or why one of them could not be carried out. */
export type Answer = { readonly ok: true; readonly lines: readonly string[] } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly reason: string;
  /** The server did not answer as one that is understood: tmux's own client may still be. */
  readonly isForeign: boolean;
}

export interface Link {
  /** Carries the commands out one after the other, the rest not when one fails. `buffer` is set before them. Never rejects. */
  run(commands: readonly Command[], buffer?: TmuxBuffer): Promise<Answer>;
}

/** No answer for so long: the server hangs. In milliseconds. */
export const ANSWER_MS = 3_000;

export function refusal(reason: string, isForeign = false): Refusal {
  return { ok: false, reason, isForeign };
}

export function noAnswer(): Refusal {
  return refusal(`tmux gave no answer for ${ANSWER_MS / 1_000} s`);
}

/** All commands as a client gives them; what the buffer is to hold is read from standard input: among arguments, others can see it. */
export function argvOf(commands: readonly Command[], buffer?: TmuxBuffer): readonly string[] {
  const all = buffer ? [["load-buffer", "-b", buffer.name, "-"], ...commands] : commands;
  return all.flatMap((command, i) => [...(i > 0 ? [";"] : []), ...command.map(plain)]);
}

/** An argument that ends with a semicolon would end the command. */
function plain(argument: string): string {
  return argument.replace(/;$/, "\\;");
}

export function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
