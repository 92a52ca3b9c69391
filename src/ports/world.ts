/** Time and chance, passed in so that tests can move them. */

export interface Clock {
  /** Wall-clock milliseconds since 1970; may step. For records. */
  now(): number;
  /** Milliseconds that only ever grow. For deadlines and durations. */
  monotonic(): number;
  /** Calls `action` once after `delayMs`, unless cancelled. */
  after(delayMs: number, action: () => void): Cancel;
}

export type Cancel = () => void;

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}
