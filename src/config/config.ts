/** The configuration of a workspace, checked and complete. Durations are in milliseconds. */
import type { Agent } from "../domain/agent.ts";
import type { Profile } from "../domain/profile.ts";
import type { RetryPolicy } from "../domain/retry.ts";
import type { TerminalProfile } from "../domain/terminal-profile.ts";
import type { Setting } from "./settings.ts";

export interface Config {
  /** The workspace's folder, absolute. */
  readonly root: string;
  /** Path of `swarm.json`, or null where there is none. */
  readonly file: string | null;
  readonly agents: ReadonlyMap<string, Agent>;
  /** Agents that stand in the file; the others are folders. */
  readonly agentsInFile: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Built-in ones and the workspace's own: of windows, and of terminals. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly terminalProfiles: ReadonlyMap<string, TerminalProfile>;
  readonly delivery: Delivery;
  readonly alerts: Alerts;
  readonly retention: { readonly tracker: number; readonly archiveMs: number };
  /** The X display of all desktop agents, or null: the sender's. */
  readonly display: string | null;
  /** The settings one by one, with where each came from. */
  readonly settings: readonly Setting[];
}

export interface Delivery extends RetryPolicy {
  readonly attemptTimeoutMs: number;
  readonly header: string | false;
  readonly inlineLimit: number;
  readonly join: boolean;
  /** Longest body in bytes. */
  readonly maxBytes: number;
  readonly humanIdleMs: number;
}

export interface Alerts {
  readonly windowMs: number;
  /** Shares from 0 to 1. */
  readonly failureRate: number;
  readonly retryRate: number;
  readonly failedForMs: number;
  readonly command: string | null;
}
