/** What a message is, and the rules for its id, its body and the text that is typed for it. */

export const PRIORITIES = ["urgent", "high", "normal"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One body for one recipient, as it was accepted. Never changes afterwards: what happens to it are events. */
export interface Message {
  readonly id: string;
  readonly broadcastId: string | null;
  readonly recipient: string;
  readonly sender: string;
  readonly priority: Priority;
  readonly body: string;
  /** Hex SHA-256 of the body's UTF-8 bytes. */
  readonly sha256: string;
  /** Deduplication key, or null. */
  readonly key: string | null;
  /** True: the body is typed without the header. */
  readonly raw: boolean;
  /** X display (`:0`) of the process that sent it, or null. */
  readonly display: string | null;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  /** Milliseconds since 1970 after which it is not delivered any more, or null. */
  readonly expiresAt: number | null;
  /** Milliseconds since 1970 before which it is not delivered, or null. */
  readonly notBefore: number | null;
  /** True: it may be typed in one turn with others that wait for the same agent. */
  readonly join: boolean;
}

/** From when on it could have been delivered: how long it took counts from there. Milliseconds since 1970. */
export function dueAt({ acceptedAt, notBefore }: Pick<Message, "acceptedAt" | "notBefore">): number {
  return Math.max(acceptedAt, notBefore ?? acceptedAt);
}

export const MESSAGE_ID: RegExp = /^msg_\d{8}_\d{6}_[0-9a-f]{8}$/;

/** `msg_YYYYMMDD_HHMMSS_xxxxxxxx` in UTC; `randomHex` is 8 hex digits. */
export function messageId(acceptedAt: number, randomHex: string): string {
  return `msg_${stamp(acceptedAt)}_${randomHex}`;
}

/** `YYYYMMDD_HHMMSS` in UTC, as ids and inbox files carry it. */
export function stamp(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 10).replaceAll("-", "")}_${iso.slice(11, 19).replaceAll(":", "")}`;
}

/** Name of the inbox file: the same for every attempt, so that writing it again changes nothing. */
export function inboxFileName(message: Pick<Message, "id" | "acceptedAt">): string {
  return `MESSAGE_${stamp(message.acceptedAt)}_${message.id}.md`;
}

export interface CleanBody {
  readonly body: string;
  /** How many terminal control sequences and control characters were removed. */
  readonly removed: number;
}

// CSI sequences; OSC, DCS, SOS, PM and APC strings to their end; other escapes; then every C0 and C1 control character but newline and tab.
const CONTROL = new RegExp(
  [
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]",
    // A string ends also where the next one begins: else a text of nothing but beginnings would be read to its end for each.
    "(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c\\u009d\\u0090\\u0098\\u009e\\u009f]*(?:\\u0007|\\u001b\\\\|\\u009c)",
    "\\u001b[ -/]*[0-~]",
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]",
  ].join("|"),
  "g",
);

/** CRLF and CR become LF; control sequences and control characters other than newline and tab go. */
export function cleanBody(text: string): CleanBody {
  let removed = 0;
  const body = text.replace(/\r\n?/g, "\n").replace(CONTROL, () => {
    removed += 1;
    return "";
  });
  return { body, removed };
}

export interface TypedTextRules {
  /** Header template with `{id}` and `{sender}`, or false for none. */
  readonly header: string | false;
  /** Above this many characters the inbox file is named instead. */
  readonly inlineLimit: number;
}

/** The exact text that is typed for a message: header and body, or one line that names the inbox file. */
export function typedText(message: Message, inboxFile: string, rules: TypedTextRules): string {
  if (message.body.length > rules.inlineLimit) return pointerLine(message, inboxFile, rules);
  return headerOf(message, rules) + message.body;
}

/** One line that names the inbox file: for a body that is too long, or that a program would take line by line. */
export function pointerLine(message: Message, inboxFile: string, rules: TypedTextRules): string {
  const length = message.body.length;
  return `${headerOf(message, rules)}Message of ${length} characters from ${message.sender}: read it in ${inboxFile}`;
}

/** The text of messages that are typed in one turn: each as it would be alone, a blank line between. */
export function joinedText(
  messages: readonly Message[],
  inboxFileOf: (message: Message) => string,
  rules: TypedTextRules,
): string {
  return messages.map((message) => typedText(message, inboxFileOf(message), rules)).join("\n\n");
}

function headerOf(message: Message, { header }: TypedTextRules): string {
  if (message.raw || header === false) return "";
  return header.replace(/\{(id|sender)\}/g, (_, name) => (name === "id" ? message.id : message.sender));
}
