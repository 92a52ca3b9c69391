/** What the worker needs of the configuration, read anew while it runs. */
import type { Agent } from "../domain/agent.ts";
import type { TypedTextRules } from "../domain/message.ts";
import type { RetryPolicy } from "../domain/retry.ts";

export interface DeliverySettings {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly retry: RetryPolicy;
  /** Milliseconds for the way of one attempt to its Enter, and once more for the proof after it. */
  readonly attemptTimeoutMs: number;
  readonly text: TypedTextRules;
  /** All messages may be joined, not only those that say so. */
  readonly isJoining: boolean;
  /** Milliseconds over which rates are computed. */
  readonly metricsWindowMs: number;
  /** Nothing is delivered to such an agent for now: its messages wait. */
  readonly isPaused: (agent: string) => boolean;
}

export interface SettingsSource {
  /** The settings as they are now. Never throws: while the file is broken, the last good ones count. */
  current(): DeliverySettings;
}
