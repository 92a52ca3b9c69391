/** Lengths of time as people write them: `500ms`, `1s`, `30m`, `2h`, `90d`. */

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** As JSON Schema and error texts show it. */
export const DURATION = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** A hundred years: no time that is counted from now then lies behind the year 9999. */
const MOST_MS = 36_525 * 86_400_000;

/** Milliseconds, or null when the text is no duration, or one of more than a hundred years. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  const unitMs = UNITS.find(([unit]) => unit === match?.[2])?.[1];
  const ms = match && unitMs !== undefined ? Math.round(Number(match[1]) * unitMs) : null;
  return ms !== null && ms <= MOST_MS ? ms : null;
}

/** The shortest exact way to write `ms` milliseconds: 90,000 is `90s`. */
export function formatDuration(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, length]) => ms >= length && ms % length === 0) ?? ["ms", 1];
  return `${Math.round(ms / unitMs)}${unit}`;
}
