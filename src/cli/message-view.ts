/** `status ID` for people: everything about one message but its body. */
import type { MessageEvent } from "../domain/events.ts";
import type { StoredMessage } from "../ports/store.ts";
import { deliveryMs } from "./message-json.ts";
import { factLine, length, oneLine, type Paint, table } from "./render.ts";

/** `columns` is the width of the terminal; `transport` is null when the recipient is no longer configured. */
export function messageView(
  stored: StoredMessage,
  transport: string | null,
  columns: number,
  paint: Paint,
): string {
  const { message, state, events } = stored;
  const ms = deliveryMs(stored);
  const facts: (readonly [string, string])[] = [
    ["status", `${state.status}${ms === null ? "" : ` in ${length(ms)}`}`],
    [
      "recipient",
      `${message.recipient}${transport === null ? " (no longer in the configuration)" : ` by ${transport}`}`,
    ],
    ["sender", message.sender],
    ["priority", message.priority],
    ["accepted", local(message.acceptedAt)],
    ...optional("not before", message.notBefore === null ? null : local(message.notBefore)),
    ...optional("expires", message.expiresAt === null ? null : local(message.expiresAt)),
    [
      "attempts",
      state.totalAttempts === state.attempts
        ? `${state.attempts}`
        : `${state.attempts} (${state.totalAttempts} in all)`,
    ],
    ...optional("next attempt", state.nextAttemptAt === null ? null : local(state.nextAttemptAt)),
    ["evidence", state.evidence.length === 0 ? "none" : state.evidence.join(", ")],
    ...optional("error", state.error && `${state.error.code}: ${oneLine(state.error.message)}`),
    ...optional("what to do", state.error && oneLine(state.error.hint)),
    ...optional("read more", state.error && `swarm explain ${state.error.code}`),
    ...optional("draft", state.draftFile),
    ...optional("inbox file", state.inboxFile),
    ...optional("key", message.key),
    ...optional("broadcast", message.broadcastId),
    ["body", `${Buffer.byteLength(message.body)} bytes; swarm read ${message.id}`],
  ];
  const list = facts.map((fact) => factLine(fact, columns, paint)).join("");
  const history = table(
    events.map((event) => [{ text: time(event.at), paint: paint.faint }, event.type, detailOf(event)]),
    "  ",
  );
  return `${paint.strong(message.id)}\n${list}${history === "" ? "" : `${paint.faint("history")}\n${history}`}`;
}

function optional(name: string, value: string | null): readonly (readonly [string, string])[] {
  return value === null ? [] : [[name, value]];
}

function detailOf(event: MessageEvent): string {
  switch (event.type) {
    case "claimed":
      return `attempt ${event.attempt} by worker ${event.pid}`;
    case "inbox_file":
      return "written and read back";
    case "joined":
      return `${event.ids.length} messages in one turn: ${event.ids.join(", ")}`;
    case "draft_saved":
    case "draft_restored":
      return event.file;
    case "intent":
      return `at "${oneLine(event.window)}"`;
    case "typed":
      return `read back after ${length(event.ms)}`;
    case "submitted":
      return `gone from the input field after ${length(event.ms)}, ${event.enters} × Enter${event.isQueued ? "; the agent was at work and has it in its own queue" : ""}`;
    case "deferred":
    case "handed_back":
      return `${event.error.code}; again from ${time(event.nextAttemptAt)}${event.isTextLeft ? "; its text still stands in the input field" : ""}`;
    case "waits":
    case "failed":
    case "unconfirmed":
      return event.error.code;
    case "acknowledged":
      return `by ${event.by}`;
    case "mark_typed":
      return "one character, to see what the input field holds";
    case "mark_erased":
    case "delivered":
    case "cancelled":
    case "expired":
    case "retried":
      return "";
    default:
      return event satisfies never;
  }
}

/** In the zone of whoever reads. */
function local(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${time(at).slice(0, 8)}`;
}

function time(at: number): string {
  const date = new Date(at);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
