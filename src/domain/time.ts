/** The last millisecond of the year 9999: later ones have no date that ids and file names could carry. */
const LAST = 253_402_300_799_999;

/** True for milliseconds since 1970 that a message can have been accepted at, or wait for. */
export function isTime(value: unknown): value is number {
  return Number.isFinite(value) && Number(value) >= 0 && Number(value) <= LAST;
}
