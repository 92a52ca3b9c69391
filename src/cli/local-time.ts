/** Times in the zone of whoever reads. */

/** `2026-02-01 15:30:00`; `at` is in milliseconds since 1970. */
export function localTime(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":")}`;
}

const DAY_MS = 86_400_000;

/** As short as it can be understood: `15:30` within a day, else `2026-02-01 15:30`. */
export function shortTime(at: number, now: number): string {
  const text = localTime(at).slice(0, 16);
  return Math.abs(at - now) < DAY_MS ? text.slice(11) : text;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
