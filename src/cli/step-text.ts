/** Each kind of event in a few words: what stands behind its name in a story. */
import type { MessageEvent } from "../domain/events.ts";
import type { MessageState } from "../domain/status.ts";
import { length, oneLine } from "./render.ts";

/** How far an attempt that is under way has come. */
export const STEPS = {
  claimed: "writing the inbox file",
  intent: "at the input field",
  typed: "read back",
  submitted: "submitted",
} as const satisfies Record<NonNullable<MessageState["step"]>, string>;

/** "" where the name says it all. Errors are told by whoever has room for them. */
export function stepText(event: MessageEvent): string {
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
      return `${event.error.code}${left(event)}`;
    case "handed_back":
      return `${event.error.code}; does not count${left(event)}`;
    case "waits":
    case "failed":
    case "unconfirmed":
      return event.error.code;
    case "acknowledged":
      return `by ${oneLine(event.by)}`;
    case "mark_typed":
      return "one character, to see what the input field holds";
    case "retried":
      return "queued again; attempts are counted anew";
    case "mark_erased":
    case "delivered":
    case "cancelled":
    case "expired":
      return "";
    default:
      return event satisfies never;
  }
}

function left({ isTextLeft }: { readonly isTextLeft?: true }): string {
  return isTextLeft ? "; its text still stands in the input field" : "";
}
