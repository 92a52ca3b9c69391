/** `status ID` for people: what is known of one message but its body, and then its story. */
import type { Hold } from "../app/holds.ts";
import { deliveryMs } from "../library/message-json.ts";
import type { StoredMessage } from "../ports/store.ts";
import { dayAndTime } from "./clock.ts";
import { clipped, factLine, length, type Paint } from "./render.ts";
import { storyView } from "./story-view.ts";

export interface MessageScreen {
  /** In characters. */
  readonly columns: number;
  /** Null: as many as it takes. */
  readonly rows: number | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly paint: Paint;
}

/** `transport` is null when the recipient is no longer configured; `hold` when the message has ended. */
export function messageView(
  stored: StoredMessage,
  transport: string | null,
  hold: Hold | null,
  screen: MessageScreen,
): string {
  const { columns, rows, paint } = screen;
  const facts = factsOf(stored, transport).map((fact) => factLine(fact, columns, paint).trimEnd());
  const head = [paint.strong(stored.message.id), ...facts];
  const story = [paint.faint("story (✓ marks evidence)"), ...storyView(stored, hold, screen)];
  if (rows === null) return `${[...head, ...story].join("\n")}\n`;
  return `${fitted([...head, ...story].flatMap(linesOf), columns, rows)}\n`;
}

function factsOf(stored: StoredMessage, transport: string | null): readonly (readonly [string, string])[] {
  const { message, state } = stored;
  const ms = deliveryMs(stored);
  const isTold = state.status !== "delivered" && state.error !== null;
  const outcome = ms !== null ? ` in ${length(ms)}` : isTold ? `: ${state.error?.code}` : "";
  return [
    ["status", `${state.status}${outcome}`],
    ...optional("read more", isTold ? `swarm explain ${state.error?.code}` : null),
    [
      "recipient",
      `${message.recipient}${transport === null ? " (no longer in the configuration)" : ` by ${transport}`}`,
    ],
    ["sender", message.sender],
    ["priority", message.priority],
    ["accepted", dayAndTime(message.acceptedAt)],
    ...optional("not before", message.notBefore === null ? null : dayAndTime(message.notBefore)),
    ...optional("expires", message.expiresAt === null ? null : dayAndTime(message.expiresAt)),
    [
      "attempts",
      state.totalAttempts === state.attempts
        ? `${state.attempts}`
        : `${state.attempts} (${state.totalAttempts} in all)`,
    ],
    ["evidence", state.evidence.length === 0 ? "none" : state.evidence.join(", ")],
    ...optional("draft", state.draftFile),
    ...optional("inbox file", state.inboxFile),
    ...optional("key", message.key),
    ...optional("broadcast", message.broadcastId),
    ["body", `${Buffer.byteLength(message.body)} bytes; swarm read ${message.id}`],
  ];
}

function optional(name: string, value: string | null): readonly (readonly [string, string])[] {
  return value === null ? [] : [[name, value]];
}

function linesOf(text: string): readonly string[] {
  return text.split("\n");
}

/** So many rows of it: the first ones, and of the rest the last ones, because they say how it goes now. */
function fitted(lines: readonly string[], columns: number, rows: number): string {
  const first = Math.min(HEAD_ROWS, Math.max(0, rows - 2));
  const kept =
    lines.length <= rows
      ? lines
      : [...lines.slice(0, first), "…", ...lines.slice(lines.length - Math.max(1, rows - first - 1))];
  return kept.map((line) => clipped(line, columns)).join("\n");
}

/** Id, status and whom it is for. */
const HEAD_ROWS = 4;
