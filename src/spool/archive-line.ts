/** One finished message in `archive/<YYYY-MM>.ndjson`: the id and a summary first, so that the head of a line is enough. */
import { MESSAGE_ID } from "../domain/message.ts";
import { replay, STATUSES } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import { type LineHead, readLineAt } from "../support/line-search.ts";
import { isFlat, type Json, parseEvent } from "./event-line.ts";
import { parseJson, parseMessage } from "./message-file.ts";
import { type TrackerRecord, trackerRecord } from "./tracker-record.ts";

/** Long enough for the summary of nearly every message. */
export const HEAD_BYTES = 2048;

export function archiveLine(stored: StoredMessage): string {
  const { message, events } = stored;
  const line = {
    schema: 1,
    id: message.id,
    summary: trackerRecord(stored),
    message: { schema: 1, ...message },
    events,
  };
  return `${JSON.stringify(line)}\n`;
}

/** How the line of this message begins; no other text in the archive can begin a line so. */
export function archiveLinePrefix(id: string): string {
  return `{"schema":1,"id":"${id}",`;
}

/** Null when the line is damaged. */
export function parseArchiveLine(line: string): StoredMessage | null {
  const value = parseJson(line) as Json | undefined;
  const message = parseMessage(value?.["message"]);
  const events = value?.["events"];
  if (typeof message === "string" || !Array.isArray(events)) return null;
  const known = events.map(parseEvent).filter((event) => event !== null);
  if (known.length !== events.length) return null;
  return { message, events: known, state: replay(message.acceptedAt, known) };
}

export interface ArchivedSummary {
  readonly id: string;
  readonly summary: TrackerRecord;
}

/** Reads the head of a line, or all of it where the head is not enough; null when it is damaged. */
export function readSummary(path: string, line: LineHead): ArchivedSummary | null {
  return parseSummary(line.head) ?? parseSummary(readLineAt(path, line));
}

function parseSummary(head: string): ArchivedSummary | null {
  const end = head.indexOf(',"message":{"schema"');
  const value = end === -1 ? undefined : (parseJson(`${head.slice(0, end)}}`) as Json | undefined);
  const id = value?.["id"];
  const summary = value?.["summary"];
  if (typeof id !== "string" || !MESSAGE_ID.test(id) || !isSummary(summary)) return null;
  return { id, summary };
}

function isSummary(value: unknown): value is TrackerRecord {
  if (typeof value !== "object" || value === null) return false;
  const { error = null, evidence, ...others } = value as Json;
  return (
    isFlat(others) &&
    typeof others["updated_at"] === "string" &&
    STATUSES.some((status) => status === others["status"]) &&
    (error === null || isFlat(error)) &&
    Array.isArray(evidence) &&
    evidence.every((item) => typeof item === "string")
  );
}
