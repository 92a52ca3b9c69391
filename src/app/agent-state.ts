/** How an agent does, in one word, and why: from its counts and the messages that tell most. */
import type { TransportName } from "../domain/agent.ts";
import { needsPerson } from "../domain/errors.ts";
import type { StoredMessage } from "../ports/store.ts";
import type { AgentCounts } from "../spool/overview.ts";

/** Those that need somebody come first. Public: `status --json` has them. */
export const AGENT_STATES = [
  "person_needed",
  "failing",
  "removed",
  "paused",
  "delivering",
  "waiting",
  "ready",
] as const;
export type AgentStateName = (typeof AGENT_STATES)[number];

export interface AgentState {
  readonly name: AgentStateName;
  /** The message that is the reason: the one under way or next in line, or the newest that failed. Null: none. */
  readonly because: StoredMessage | null;
}

/** `next`: under way, or the first in line; `trouble`: the newest that failed or is unconfirmed. Null where there is none. */
export function agentState(
  transport: TransportName | null,
  counts: AgentCounts,
  next: StoredMessage | null,
  trouble: StoredMessage | null,
  isPaused: boolean,
): AgentState {
  const code = next?.state.error?.code;
  if (code !== undefined && needsPerson(code)) return { name: "person_needed", because: next };
  if (counts.failed + counts.unconfirmed > 0) return { name: "failing", because: trouble };
  if (transport === null) return { name: "removed", because: next };
  if (isPaused) return { name: "paused", because: next };
  if (counts.delivering > 0) return { name: "delivering", because: next };
  if (counts.queued > counts.scheduled) return { name: "waiting", because: next };
  return { name: "ready", because: null };
}
