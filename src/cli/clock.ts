/** Times for people, in the zone of whoever reads; scripts read `--json`. */

/** `2026-01-31 12:00:00` */
export function dayAndTime(at: number): string {
  return `${day(at)} ${timeOfDay(at).slice(0, 8)}`;
}

const DAY_MS = 86_400_000;

/** As short as it can be understood: `15:30` within a day of `now`, else `2026-02-01 15:30`. */
export function shortTime(at: number, now: number): string {
  const text = dayAndTime(at).slice(0, 16);
  return Math.abs(at - now) < DAY_MS ? text.slice(11) : text;
}

/** `12:00:00.123`, and the day before it where it is another one than that of `reference`. */
export function clock(at: number, reference: number): string {
  return day(at) === day(reference) ? timeOfDay(at) : `${day(at)} ${timeOfDay(at)}`;
}

function day(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function timeOfDay(at: number): string {
  const date = new Date(at);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}
