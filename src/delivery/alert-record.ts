/** `runtime/alerts.json`: which alerts fire since when, and what `alerts.command` has still to be told. */
import { ALERT_CODES, type AlertCommandFailure, type AlertNotice, type Incident } from "../domain/alert.ts";
import { isTime } from "../domain/time.ts";

export interface AlertRecord {
  readonly incidents: readonly Incident[];
  /** In the order in which they happened. */
  readonly untold: readonly AlertNotice[];
  /** The command is being told this. Found by a worker that starts: whether it was told is not known. */
  readonly telling: AlertNotice | null;
  /** Null: the last run succeeded, or there was none. */
  readonly failure: AlertCommandFailure | null;
}

export const NO_ALERTS: AlertRecord = { incidents: [], untold: [], telling: null, failure: null };

/** Of each list; what is longer was not written here. */
const MOST = 1000;

/** Null when it is not what was saved. */
export function parseAlertRecord(saved: unknown): AlertRecord | null {
  const { incidents, untold, telling, failure } = fieldsOf(saved);
  const record = {
    incidents: listOf(incidents, parseIncident),
    untold: listOf(untold, parseNotice),
    telling: telling === null ? null : parseNotice(telling),
    failure: failure === null ? null : parseFailure(failure),
  };
  const isWhole =
    record.incidents !== null &&
    record.untold !== null &&
    (telling === null) === (record.telling === null) &&
    (failure === null) === (record.failure === null);
  if (!isWhole) return null;
  return { ...record, incidents: record.incidents ?? [], untold: record.untold ?? [] };
}

type Fields = Readonly<Partial<Record<string, unknown>>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function listOf<T>(value: unknown, parse: (entry: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value) || value.length > MOST) return null;
  const parsed = value.map(parse).filter((entry) => entry !== null);
  return parsed.length === value.length ? parsed : null;
}

function parseIncident(value: unknown): Incident | null {
  const { code, since, isTold, ids } = fieldsOf(value);
  const known = ALERT_CODES.find((name) => name === code);
  const named = listOf(ids, (id) => (typeof id === "string" ? id : null));
  return known !== undefined && isTime(since) && typeof isTold === "boolean" && named !== null
    ? { code: known, since, isTold, ids: named }
    : null;
}

function parseNotice(value: unknown): AlertNotice | null {
  const { event, code, message, since, at } = fieldsOf(value);
  const known = ALERT_CODES.find((name) => name === code);
  const isEvent = event === "fired" || event === "cleared";
  return isEvent && known !== undefined && typeof message === "string" && isTime(since) && isTime(at)
    ? { event, code: known, message, since, at }
    : null;
}

function parseFailure(value: unknown): AlertCommandFailure | null {
  const { at, event, code, reason, command } = fieldsOf(value);
  const known = ALERT_CODES.find((name) => name === code);
  const isEvent = event === "fired" || event === "cleared";
  return isTime(at) &&
    isEvent &&
    known !== undefined &&
    typeof reason === "string" &&
    typeof command === "string"
    ? { at, event, code: known, reason, command }
    : null;
}
