/** A message's file: the message on the first line, then one line per event. Parsed here, and nowhere else. */
import { NAME } from "../domain/agent.ts";
import type { MessageEvent } from "../domain/events.ts";
import { MESSAGE_ID, type Message, PRIORITIES } from "../domain/message.ts";
import { replay } from "../domain/status.ts";
import { isTime } from "../domain/time.ts";
import type { StoredMessage } from "../ports/store.ts";
import { wholeLines } from "../support/line-log.ts";
import { readFile } from "../support/regular-file.ts";
import { secondTry } from "../support/second-try.ts";
import { sha256 } from "../support/sha256.ts";
import { hasCode, isPassing, isSystemError } from "../support/system-error.ts";
import { isFlat, type Json, parseEvent } from "./event-line.ts";
import { type MessageName, parseName } from "./message-name.ts";

export type Reading =
  | {
      readonly kind: "message";
      readonly stored: StoredMessage;
      readonly wholeBytes: number;
      readonly pending: readonly MessageEvent[];
    }
  | { readonly kind: "gone" }
  /** Parked in `bad/` by whoever may move it. */
  | { readonly kind: "damaged"; readonly reason: string };

/** First line of a message's file. The body comes last, so that a look at the head of the file tells the rest. */
export function messageLine(message: Message): string {
  const { body, ...head } = message;
  return `${JSON.stringify({ schema: 1, ...head, body })}\n`;
}

export function eventLine(event: MessageEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/**
 * Reads `path`; `file` is the name in it, whose marks count as events while they are not yet lines (`pending`). Throws
 * the system's error when it says nothing about the file (too many open files).
 */
export function readMessage(path: string, file: string): Reading {
  const name = parseName(file);
  if (!name) return { kind: "damaged", reason: "the name is not that of a message file" };
  try {
    return parseFile(
      secondTry(() => readFile(path)),
      name,
    );
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return { kind: "gone" };
    if (isSystemError(cause) && !isPassing(cause))
      return { kind: "damaged", reason: `it can't be read: ${cause.message}` };
    throw cause;
  }
}

function parseFile(bytes: Buffer, name: MessageName): Reading {
  const { lines, wholeBytes } = wholeLines(bytes);
  const [first, ...rest] = lines;
  if (first === undefined) return { kind: "damaged", reason: "its first line is torn or missing" };
  const message = parseMessage(parseJson(first));
  if (typeof message === "string") return { kind: "damaged", reason: `its first line ${message}` };
  if (message.id !== name.id)
    return { kind: "damaged", reason: `it holds ${message.id}, and its name says ${name.id}` };
  if (message.recipient !== name.recipient)
    return { kind: "damaged", reason: `it is not for ${name.recipient}, as its name says` };
  const events = parseEvents(rest);
  if (typeof events === "string") return { kind: "damaged", reason: events };
  const pending = pendingEvents(events, name);
  const all = [...events, ...pending];
  const stored = { message, events: all, state: replay(message.acceptedAt, all) };
  return { kind: "message", stored, wholeBytes, pending };
}

/** The events of the name's marks that no line says yet. Counting makes that sure, whatever clocks and crashes do. */
function pendingEvents(
  events: readonly MessageEvent[],
  { retried, ended }: MessageName,
): readonly MessageEvent[] {
  const pending: MessageEvent[] = [];
  const written = events.filter((event) => event.type === "retried").length;
  if (retried && written < retried.round) pending.push({ type: "retried", at: retried.at });
  if (ended?.type === "cancelled" && events.at(-1)?.type !== "cancelled") pending.push(ended);
  return pending;
}

function parseEvents(lines: readonly string[]): MessageEvent[] | string {
  const events: MessageEvent[] = [];
  for (const [index, line] of lines.entries()) {
    const event = parseEvent(parseJson(line));
    if (!event) return `line ${index + 2} is not an event that this version knows`;
    events.push(event);
  }
  return events;
}

/** The parsed value, or undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The message in a value of schema 1, or what is wrong with it. Its hash must be that of its body. */
export function parseMessage(value: unknown): Message | string {
  if (!isFlat(value)) return "is not a JSON object of plain fields";
  const { schema, notBefore = null, join = false, ...others } = value; // files of before have neither
  const fields = { ...others, notBefore, join };
  if (schema !== 1) return `has schema ${JSON.stringify(schema)}; this version reads schema 1`;
  if (!isMessage(fields)) return "is not a message";
  return sha256(fields.body) === fields.sha256 ? fields : "has a body that does not match its SHA-256";
}

function isMessage(fields: Json): fields is Json & Message {
  const isText = (name: string) => typeof fields[name] === "string";
  const isTextOrNull = (name: string) => fields[name] === null || isText(name);
  return (
    ["sender", "body", "sha256"].every(isText) &&
    // Paths are built from it.
    typeof fields["recipient"] === "string" &&
    NAME.test(fields["recipient"]) &&
    ["broadcastId", "key", "display"].every(isTextOrNull) &&
    typeof fields["id"] === "string" &&
    MESSAGE_ID.test(fields["id"]) &&
    PRIORITIES.some((priority) => priority === fields["priority"]) &&
    ["raw", "join"].every((name) => typeof fields[name] === "boolean") &&
    isTime(fields["acceptedAt"]) &&
    ["expiresAt", "notBefore"].every((name) => fields[name] === null || isTime(fields[name]))
  );
}
