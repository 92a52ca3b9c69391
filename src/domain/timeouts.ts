/** The hierarchy of waits: each must be longer than what it contains. Checked when the configuration is read. */

/** How long `send` waits for the outcome unless `--timeout` says otherwise, in milliseconds. */
export const SEND_TIMEOUT_MS = 60_000;

/** The waits that the configuration sets, in milliseconds, by their place in the file. */
export interface Timeouts {
  readonly "delivery.attemptTimeout": number;
  readonly "delivery.humanIdle": number;
  readonly "delivery.backoff.initial": number;
  readonly "delivery.backoff.max": number;
}

export interface TimeoutConflict {
  readonly inner: keyof Timeouts;
  readonly outer: string;
  readonly outerMs: number;
  readonly isEqualAllowed: boolean;
}

/** The waits that do not fit into the one that contains them. */
export function timeoutConflicts(timeouts: Timeouts): readonly TimeoutConflict[] {
  const conflicts: TimeoutConflict[] = [];
  const check = (inner: keyof Timeouts, outer: string, outerMs: number, isEqualAllowed: boolean) => {
    const fits = isEqualAllowed ? timeouts[inner] <= outerMs : timeouts[inner] < outerMs;
    if (!fits) conflicts.push({ inner, outer, outerMs, isEqualAllowed });
  };
  const attemptMs = timeouts["delivery.attemptTimeout"];
  check("delivery.attemptTimeout", "the time that send waits by default", SEND_TIMEOUT_MS, false);
  check("delivery.humanIdle", "delivery.attemptTimeout", attemptMs, false);
  check("delivery.backoff.initial", "delivery.backoff.max", timeouts["delivery.backoff.max"], true);
  return conflicts;
}

/** The deadline of a learned step: 95th percentile × 1.5, grown after a miss, within floor and ceiling. */
export function stepDeadlineMs(p95Ms: number, misses: number, floorMs: number, ceilingMs: number): number {
  return Math.min(ceilingMs, Math.max(floorMs, p95Ms * 1.5) * 2 ** Math.min(misses, 6));
}
