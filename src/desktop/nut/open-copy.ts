/**
 * Whether a copy may still be answered, after the person's text is back in the clipboard. Nobody tells whose an answer is:
 * one that was another program's leaves the copy open, and from then on each may be answered only after the next.
 */
export class OpenCopy {
  #since: number | null = null;
  /** What was heard last and is not believed yet. */
  #doubtful: string | null = null;
  /** Two different texts came before one was believed: there was an answer too many. */
  #isBehind = false;

  /** When copy was pressed that nothing has answered for sure, on the monotonic clock, in milliseconds; null: none. */
  get since(): number | null {
    return this.#since;
  }

  pressed(at: number): void {
    this.#since = at;
  }

  heard(text: string): void {
    this.#isBehind ||= this.#doubtful !== null && this.#doubtful !== text;
    this.#doubtful = text;
  }

  /** What came last is the answer to the last copy, if there was none too many. */
  believed(): void {
    this.#doubtful = null;
    if (!this.#isBehind) this.#since = null;
  }
}
