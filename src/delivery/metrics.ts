/**
 * Rates and durations over a sliding window, from bounded data: sixty slices of counts, and the newest durations.
 * Kept in `runtime/metrics.json`, so that `status` shows them without a worker.
 */
import type { MessageState } from "../domain/status.ts";
import { quantile } from "./quantile.ts";

/** As `status --json` shows them. Null: nothing happened in the window that would tell. */
export interface Metrics {
  /** Delivered, of all that ended delivered, failed or unconfirmed. */
  readonly success_rate: number | null;
  /** From acceptance to delivery, in milliseconds. */
  readonly average_delivery_ms: number | null;
  readonly p95_delivery_ms: number | null;
  /** Messages that needed more than one attempt, of all that ended. */
  readonly retry_rate: number | null;
  /** Delivered, of those that needed more than one attempt. */
  readonly recovery_rate: number | null;
  readonly lock_wait_p95_ms: number | null;
}

/** Messages that ended within one slice of the window. */
export interface MetricsSlice {
  /** Start in milliseconds since 1970, a multiple of the slice's length. */
  readonly at: number;
  readonly ended: number;
  readonly delivered: number;
  readonly retried: number;
  readonly recovered: number;
}

export interface Sample {
  readonly at: number;
  readonly ms: number;
}

/** All that is kept. Plain data: `recordEnd` and `recordLockWait` make the next one. */
export interface MetricsData {
  readonly slices: readonly MetricsSlice[];
  readonly deliveries: readonly Sample[];
  readonly lockWaits: readonly Sample[];
}

export const NO_METRICS: MetricsData = { slices: [], deliveries: [], lockWaits: [] };

const SLICES = 60;
const MAX_SAMPLES = 500;

/** Counts a message that could have been delivered from `dueAt` on and has ended. `windowMs` is the length of the whole window. */
export function recordEnd(
  data: MetricsData,
  state: MessageState,
  dueAt: number,
  windowMs: number,
): MetricsData {
  const { status, totalAttempts, handedBack, finishedAt } = state;
  if (finishedAt === null || (status !== "delivered" && status !== "failed" && status !== "unconfirmed"))
    return data;
  const isDelivered = status === "delivered";
  const isRetried = totalAttempts - handedBack > 1;
  const sliceMs = Math.max(1, Math.ceil(windowMs / SLICES));
  const at = Math.floor(finishedAt / sliceMs) * sliceMs;
  const newest = data.slices.at(-1);
  const slice = newest?.at === at ? newest : { at, ended: 0, delivered: 0, retried: 0, recovered: 0 };
  const counted: MetricsSlice = {
    at,
    ended: slice.ended + 1,
    delivered: slice.delivered + Number(isDelivered),
    retried: slice.retried + Number(isRetried),
    recovered: slice.recovered + Number(isRetried && isDelivered),
  };
  const earlier = slice === newest ? data.slices.slice(0, -1) : data.slices;
  return {
    ...data,
    slices: [...earlier, counted].slice(-SLICES - 1),
    deliveries: isDelivered
      ? withSample(data.deliveries, finishedAt, Math.max(0, finishedAt - dueAt))
      : data.deliveries,
  };
}

/** Counts a wait of `ms` milliseconds for the desktop lock. */
export function recordLockWait(data: MetricsData, at: number, ms: number): MetricsData {
  return { ...data, lockWaits: withSample(data.lockWaits, at, ms) };
}

function withSample(samples: readonly Sample[], at: number, ms: number): readonly Sample[] {
  return [...samples, { at, ms: Math.round(ms * 100) / 100 }].slice(-MAX_SAMPLES);
}

/** The figures for the window of `windowMs` milliseconds that ends at `now`. */
export function metricsOf(data: MetricsData, now: number, windowMs: number): Metrics {
  const since = now - windowMs;
  const slices = slicesIn(data, now, windowMs);
  const ended = sum(slices, "ended");
  const retried = sum(slices, "retried");
  const deliveryMs = recent(data.deliveries, since);
  return {
    success_rate: share(sum(slices, "delivered"), ended),
    average_delivery_ms: rounded(
      share(
        deliveryMs.reduce((total, ms) => total + ms, 0),
        deliveryMs.length,
      ),
    ),
    p95_delivery_ms: rounded(quantile(deliveryMs, 0.95)),
    retry_rate: share(retried, ended),
    recovery_rate: share(sum(slices, "recovered"), retried),
    lock_wait_p95_ms: quantile(recent(data.lockWaits, since), 0.95),
  };
}

/** Shares of the messages that ended in the window. Null: none did. */
export interface Rates {
  /** Not delivered: failed or unconfirmed. */
  readonly failureRate: number | null;
  /** Needed more than one attempt. */
  readonly retryRate: number | null;
}

/** From whole counts: a share of exactly 1 % is not above 0.01. */
export function ratesOf(data: MetricsData, now: number, windowMs: number): Rates {
  const slices = slicesIn(data, now, windowMs);
  const ended = sum(slices, "ended");
  return {
    failureRate: share(ended - sum(slices, "delivered"), ended),
    retryRate: share(sum(slices, "retried"), ended),
  };
}

function slicesIn(data: MetricsData, now: number, windowMs: number): readonly MetricsSlice[] {
  return data.slices.filter((slice) => slice.at >= now - windowMs && slice.at <= now);
}

function sum(slices: readonly MetricsSlice[], count: Exclude<keyof MetricsSlice, "at">): number {
  return slices.reduce((total, slice) => total + slice[count], 0);
}

function recent(samples: readonly Sample[], since: number): readonly number[] {
  return samples.filter((sample) => sample.at >= since).map((sample) => sample.ms);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

/** Reads what was saved: null when it is not metrics data. */
export function parseMetrics(saved: unknown): MetricsData | null {
  if (typeof saved !== "object" || saved === null) return null;
  const { slices, deliveries, lockWaits } = saved as Partial<Record<keyof MetricsData, unknown>>;
  const ends = recordsOf(slices, SLICE_KEYS);
  const delivered = recordsOf(deliveries, SAMPLE_KEYS);
  const waited = recordsOf(lockWaits, SAMPLE_KEYS);
  return ends && delivered && waited ? { slices: ends, deliveries: delivered, lockWaits: waited } : null;
}

const SLICE_KEYS = ["at", "ended", "delivered", "retried", "recovered"] as const;
const SAMPLE_KEYS = ["at", "ms"] as const;

/** Only what belongs into them; null when that is not all there. */
function recordsOf<Key extends string>(
  value: unknown,
  keys: readonly Key[],
): readonly Readonly<Record<Key, number>>[] | null {
  const isWhole =
    Array.isArray(value) &&
    value.length <= MAX_SAMPLES &&
    value.every((entry) => keys.every((key) => Number.isFinite(entry?.[key])));
  if (!isWhole) return null;
  return value.map(
    (entry) => Object.fromEntries(keys.map((key) => [key, Number(entry[key])])) as Record<Key, number>,
  );
}
