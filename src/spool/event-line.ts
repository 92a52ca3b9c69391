/** One event of a message as it lies on disk. */
import type { MessageEvent } from "../domain/events.ts";
import { MESSAGE_ID } from "../domain/message.ts";
import { isTime } from "../domain/time.ts";

export type Json = Readonly<Record<string, unknown>>;

type Check = (value: unknown) => boolean;
const isNumber: Check = (value) => Number.isFinite(value);
const isText: Check = (value) => typeof value === "string";
const isError: Check = (value) =>
  isFlat(value) && isText(value["code"]) && isText(value["message"]) && isText(value["hint"]);

const isIds: Check = (value) =>
  Array.isArray(value) && value.length <= MOST_IDS && value.every((id) => isText(id) && MESSAGE_ID.test(id));
const MOST_IDS = 1000;

/** What each event must carry besides `type` and `at`. */
const FIELDS: { readonly [Type in MessageEvent["type"]]: Readonly<Record<string, Check>> } = {
  claimed: { attempt: isNumber, pid: isNumber },
  inbox_file: { file: isText },
  joined: { ids: isIds },
  intent: { window: isText },
  draft_saved: { file: isText },
  draft_restored: { file: isText },
  mark_typed: {},
  mark_erased: {},
  typed: { ms: isNumber },
  submitted: { ms: isNumber, enters: isNumber },
  deferred: { error: isError, nextAttemptAt: isTime },
  handed_back: { error: isError, nextAttemptAt: isTime },
  waits: { error: isError },
  delivered: {},
  failed: { error: isError },
  unconfirmed: { error: isError },
  cancelled: {},
  expired: {},
  retried: {},
  acknowledged: { by: isText },
};

/** Null when it is not an event, or one that a newer version wrote. */
export function parseEvent(value: unknown): MessageEvent | null {
  return isEvent(value) ? value : null;
}

function isEvent(value: unknown): value is MessageEvent {
  if (!isObject(value) || !isTime(value["at"]) || typeof value["type"] !== "string") return false;
  if (!Object.hasOwn(FIELDS, value["type"])) return false;
  const fields = FIELDS[value["type"] as MessageEvent["type"]];
  const { error: _, ids: __, ...others } = value;
  if ("ids" in value && !isIds(value["ids"])) return false;
  if ("error" in value && !isError(value["error"])) return false;
  return isFlat(others) && Object.entries(fields).every(([name, check]) => check(value[name]));
}

/** An object of numbers, texts and the like: what lies deeper was not written by any version, and may have no end. */
export function isFlat(value: unknown): value is Json {
  return isObject(value) && Object.values(value).every((item) => typeof item !== "object" || item === null);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}
