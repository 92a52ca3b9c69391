/** What lies in an agent's inbox, and what of it the agent has not read. */
import { type InboxEntry, readInbox } from "../app/read-inbox.ts";
import { readMarks } from "../app/read-marks.ts";
import type { Config } from "../config/config.ts";
import type { Agent } from "../domain/agent.ts";
import type { InboxReport } from "./answers.ts";
import { iso } from "./message-json.ts";
import { agentNamed } from "./recipients.ts";

export interface ListedEntry extends InboxEntry {
  readonly isUnread: boolean;
}

export interface Inbox {
  readonly agent: Agent;
  /** Newest first. */
  readonly entries: readonly ListedEntry[];
}

/** Throws SwarmError (3) when there is no such agent. */
export function inboxOf(name: string, config: Config, isUnreadOnly: boolean): Inbox {
  const agent = agentNamed(name, config);
  const marks = readMarks(config.root, agent.name);
  const all = readInbox(config.root, agent.name).map((entry) => ({
    ...entry,
    isUnread: !marks.has(entry.id),
  }));
  return { agent, entries: isUnreadOnly ? all.filter(({ isUnread }) => isUnread) : all };
}

/** As `inbox --json` prints it, without the schema. */
export function inboxJson({ agent, entries }: Inbox): InboxReport {
  return {
    agent: agent.name,
    messages: entries.map(({ id, sender, priority, acceptedAt, file, firstLine, isUnread }) => ({
      id,
      sender,
      priority,
      accepted_at: iso(acceptedAt),
      inbox_file: file,
      first_line: firstLine,
      unread: isUnread,
    })),
  };
}
