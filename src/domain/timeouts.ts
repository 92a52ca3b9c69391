/** The hierarchy of waits: each must be longer than what it contains. Checked when the configuration is read. */

/** Everything that bounds one attempt, in milliseconds. */
export interface Timeouts {
  /** Way to Enter, and once more the search for proof after it. */
  readonly attemptMs: number;
  /** How long a person must have been idle before swarm types. */
  readonly humanIdleMs: number;
  /** Waiting for the desktop lock before the attempt is handed back. */
  readonly lockWaitMs: number;
  /** The floor and ceiling of learned deadlines of a single step. */
  readonly stepFloorMs: number;
  readonly stepCeilingMs: number;
}

/** The deadline of a learned step: 95th percentile × 1.5, grown after a miss, within floor and ceiling. */
export function stepDeadlineMs(p95Ms: number, misses: number, floorMs: number, ceilingMs: number): number {
  return Math.min(ceilingMs, Math.max(floorMs, p95Ms * 1.5) * 2 ** Math.min(misses, 6));
}
