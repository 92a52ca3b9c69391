/** Ids of messages that somebody may want to name: those that have not ended well, and those in an agent's inbox. */
import { readOverview } from "../spool/overview.ts";
import { readInbox } from "./read-inbox.ts";

export interface RecentId {
  readonly id: string;
  /** In a few words. */
  readonly about: string;
}

/** `agent`: whose inbox besides, or null. Throws the system's error when the workspace can't be read. */
export function recentIds(root: string, agent: string | null, limit: number): readonly RecentId[] {
  const open = readOverview(root, limit).messages.map(({ message, state }) => ({
    id: message.id,
    about: `${state.status}, to ${message.recipient}`,
  }));
  const received = agent === null ? [] : readInbox(root, agent).slice(0, limit);
  return [...open, ...received.map(({ id, sender }) => ({ id, about: `from ${sender}` }))];
}
