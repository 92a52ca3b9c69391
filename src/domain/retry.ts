/** When a failed attempt is followed by the next. */

export interface RetryPolicy {
  /** Attempts before a message is `failed`; at least 1. */
  readonly attempts: number;
  readonly backoff: { readonly initialMs: number; readonly factor: number; readonly maxMs: number };
}

/** Milliseconds until attempt `attempts + 1`: exponential, capped, spread over the upper half by `random` in [0, 1). */
export function retryDelayMs(policy: RetryPolicy, attempts: number, random: number): number {
  const { initialMs, factor, maxMs } = policy.backoff;
  const delayMs = Math.min(maxMs, initialMs * factor ** Math.max(0, attempts - 1));
  return Math.round(delayMs * (0.5 + random / 2));
}
