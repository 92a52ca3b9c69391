/** What the alerts need to see of dead letters, at a price that does not grow with what waits. */

export interface DeadLetter {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly failedAt: number;
}

export interface DeadLetters {
  /** Another value when there are others. One system call. */
  version(): string;
  /** Those that have lain longest: a few. */
  longest(): readonly DeadLetter[];
  /** One of these messages waits, is under way, or is a dead letter (again). Reads all names of the queue. */
  isAnyUndone(ids: readonly string[]): boolean;
}
