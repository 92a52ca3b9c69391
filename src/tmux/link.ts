/** A way to give commands to one tmux server. */

export type Command = readonly string[];

export interface Buffer {
  readonly name: string;
  readonly text: string;
}

/** What the commands printed, line by line; or why one of them could not be carried out. */
export type Answer =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly reason: string };

export interface Link {
  /** Carries the commands out one after the other, the rest not when one fails. `buffer` is set before them. */
  run(commands: readonly Command[], buffer?: Buffer): Promise<Answer>;
  close(): void;
}

/** No answer for so long: the server hangs. In milliseconds. */
export const ANSWER_MS = 3_000;
