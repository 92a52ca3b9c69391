/** What a program without Node puts into the drop folder, checked as strictly as what comes by the command line. */
import { NAME } from "../domain/agent.ts";
import { cleanBody, PRIORITIES, type Priority } from "../domain/message.ts";
import type { NewMessage } from "../ports/store.ts";
import type { Json } from "./event-line.ts";
import { parseJson } from "./message-file.ts";

export interface DropRules {
  readonly knownAgents: ReadonlySet<string>;
  /** Of the body. */
  readonly maxBytes: number;
}

/** Who it is from when the file does not say. */
const DEFAULT_SENDER = "drop";
const FIELDS = ["recipient", "body", "priority", "sender", "key"];

/** A file longer than this can't hold an acceptable body, however it is escaped; it need not be read. */
export function longestDropFile(maxBytes: number): number {
  return maxBytes * 6 + 65_536;
}

/** The message in the file's bytes, or why it can't be accepted and what to do. */
export function parseDrop(bytes: Uint8Array, rules: DropRules): NewMessage | string {
  const text = decode(bytes);
  if (text === null) return "It is not UTF-8. Write it as UTF-8 and drop it again.";
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return 'It is not a JSON object. Write {"recipient":"Agent-1","body":"..."} to runtime/queue/tmp and rename it into runtime/queue/drop when it is whole.';
  const fields = value as Json;
  const unknown = Object.keys(fields).filter((name) => !FIELDS.includes(name));
  if (unknown.length > 0)
    return `It has unknown fields: ${unknown.join(", ")}. Known are ${FIELDS.join(", ")}.`;
  return parseFields(fields, rules);
}

function parseFields(fields: Json, rules: DropRules): NewMessage | string {
  const { recipient, sender = DEFAULT_SENDER, key = null } = fields;
  if (typeof recipient !== "string") return 'Its "recipient" is missing or not text.';
  if (!NAME.test(recipient) || !rules.knownAgents.has(recipient))
    return `Its recipient ${JSON.stringify(recipient)} is not an agent of this workspace. \`swarm status\` lists them.`;
  if (typeof sender !== "string" || !NAME.test(sender))
    return 'Its "sender" is not a name (letters, digits, ".", "_", "-"; at most 64).';
  if (key !== null && (typeof key !== "string" || key === "")) return 'Its "key" is not text, or empty.';
  const priority = parsePriority(fields["priority"]);
  if (priority === null) return `Its "priority" is not one of ${PRIORITIES.join(", ")}.`;
  const body = parseBody(fields["body"], rules.maxBytes);
  if (typeof body !== "object") return body;
  const defaults = { raw: false, display: null, expiresAt: null, notBefore: null, join: false };
  return { recipient, sender, priority, body: body.text, key, ...defaults };
}

function parsePriority(value: unknown): Priority | null {
  if (value === undefined) return "normal";
  return PRIORITIES.find((priority) => priority === value) ?? null;
}

function parseBody(value: unknown, maxBytes: number): { readonly text: string } | string {
  if (typeof value !== "string") return 'Its "body" is missing or not text.';
  if (/\p{Surrogate}/u.test(value))
    return 'Its "body" has half a surrogate pair: it is not text that UTF-8 can carry.';
  const { body } = cleanBody(value);
  if (body.trim() === "") return 'Its "body" is empty.';
  const bytes = Buffer.byteLength(body);
  return bytes <= maxBytes
    ? { text: body }
    : `Its "body" has ${bytes} bytes; at most ${maxBytes} are accepted (delivery.maxBytes).`;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
