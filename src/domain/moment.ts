/** Times of day and dates as people write them: `15:30`, `2026-02-01 15:30`, `2026-02-01T15:30:00Z`. */

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Milliseconds since 1970, or null when the text is no time. A time of day is the next one after `now`, today or tomorrow;
 * without a zone it is meant in that of this computer. One that a clock leaps over in spring is as long after the leap.
 */
export function parseMoment(text: string, now: number): number | null {
  return parseDate(text) ?? parseClock(text, now);
}

function parseClock(text: string, now: number): number | null {
  const match = CLOCK.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const date = new Date(now);
  date.setHours(hours, minutes, seconds, 0);
  if (date.getTime() <= now) {
    date.setDate(date.getDate() + 1);
    date.setHours(hours, minutes, seconds, 0);
  }
  return date.getTime();
}

function parseDate(text: string): number | null {
  const match = DATE.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const isDay = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12;
  if (!isDay || hours > 23 || minutes > 59 || seconds > 59) return null;
  const at = Date.parse(text.replace(" ", "T"));
  return Number.isNaN(at) ? null : at;
}
