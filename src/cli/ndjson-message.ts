/** One line of `send --stdin-ndjson` as a message to be accepted, checked as strictly as a command line. */
import type { Config } from "../config/config.ts";
import { PRIORITIES } from "../domain/message.ts";
import { checkedBody } from "../library/checked-body.ts";
import { usageError } from "../library/failure.ts";
import { newMessage } from "../library/new-message.ts";
import { recipientNamed } from "../library/recipients.ts";
import { durationOption, parseKey, parseSender, startOf } from "../library/send-values.ts";
import type { NewMessage } from "../ports/store.ts";
import { nearest } from "../support/nearest.ts";
import type { SendOptions } from "./send-options.ts";

const FIELDS = [
  "recipient",
  "body",
  "priority",
  "sender",
  "key",
  "raw",
  "join",
  "expires",
  "at",
  "in",
  "ref",
] as const;
type Fields = Readonly<Partial<Record<(typeof FIELDS)[number], unknown>>>;

/** The object of a line, or null where the line is none. */
export function fieldsOf(line: Buffer): Fields | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** `defaults`: of the command line, for what the line does not say. Throws SwarmError when it can't be accepted. */
export function messageOf(
  fields: Fields | null,
  defaults: SendOptions,
  config: Config,
  env: NodeJS.ProcessEnv,
): NewMessage {
  if (fields === null)
    throw usageError(
      "the line is no JSON object in UTF-8",
      'write {"recipient":"Agent-2","body":"…"} on one line',
    );
  const unknown = Object.keys(fields).find((name) => !FIELDS.some((known) => known === name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, FIELDS);
    throw usageError(
      `the line has an unknown field: ${JSON.stringify(unknown)}; nothing was queued`,
      `${meant === null ? "" : `did you mean ${meant}? `}there are: ${FIELDS.join(", ")}`,
    );
  }
  const { raw = defaults.raw, join = defaults.join } = fields;
  if (typeof raw !== "boolean") throw wrong("raw", "true or false");
  if (typeof join !== "boolean") throw wrong("join", "true or false");
  const expires = textIn(fields, "expires");
  const notBefore = startOf(textIn(fields, "at"), textIn(fields, "in"), Date.now(), "");
  const options: SendOptions = {
    ...defaults,
    raw,
    join,
    priority: priorityIn(fields) ?? defaults.priority,
    sender: fields.sender === undefined ? defaults.sender : parseSender(textIn(fields, "sender"), env),
    key: fields.key === undefined ? defaults.key : parseKey(textIn(fields, "key") ?? "", "key"),
    expiresMs: expires === undefined ? defaults.expiresMs : durationOption(expires, "expires"),
    notBefore: notBefore ?? defaults.notBefore,
  };
  const agent = recipientNamed(textIn(fields, "recipient") ?? "", config);
  return newMessage(agent.name, bodyIn(fields, config.delivery.maxBytes), options, env);
}

function textIn(fields: Fields, name: keyof Fields): string | undefined {
  const value = fields[name];
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw wrong(name, "a text that is not empty");
}

function priorityIn(fields: Fields) {
  const text = textIn(fields, "priority");
  const priority = PRIORITIES.find((known) => known === text);
  if (text !== undefined && priority === undefined) throw wrong("priority", PRIORITIES.join(", "));
  return priority;
}

function bodyIn(fields: Fields, maxBytes: number): string {
  const text = textIn(fields, "body") ?? "";
  return checkedBody(text, maxBytes, 'give it as "body"').body;
}

function wrong(name: keyof Fields, what: string) {
  return usageError(`"${name}" is not right; nothing was queued`, `it must be ${what}`);
}
