/** What a hook puts in front of an agent: unread messages in full, and how to answer. */
import type { InboxEntry } from "../app/read-inbox.ts";
import { counted } from "./render.ts";

/** In one go; the rest comes with the next one. */
export const MOST_INJECTED = 5;

export interface Unread {
  readonly entry: InboxEntry;
  /** Null: it is not kept any more. */
  readonly body: string | null;
}

/** `more`: how many are left for the next time. A body of more than `inlineLimit` characters is named by its file. */
export function injectText(messages: readonly Unread[], more: number, inlineLimit: number): string {
  const count = counted(messages.length, "message");
  const rest = more > 0 ? ` (${more} more come after these)` : "";
  const head = `You have ${count} from swarm that you have not seen yet${rest}:`;
  const answer = `Answer one with: swarm reply ID "…"; where there is nothing to answer: swarm ack ID`;
  return `${[head, ...messages.map((each) => textOf(each, inlineLimit)), answer].join("\n\n")}\n`;
}

function textOf({ entry, body }: Unread, inlineLimit: number): string {
  const { id, sender, priority, file } = entry;
  const head = `[#${id} from ${sender}${priority === "normal" ? "" : `, ${priority}`}]`;
  if (body !== null && body.length <= inlineLimit) return `${head}\n${body.trimEnd()}`;
  const length = body === null ? "" : `${body.length} characters: `;
  return `${head}\n${length}read it in ${file}`;
}
