/** One way in which a message reaches an agent. */
import type { Agent, TransportName } from "../domain/agent.ts";
import type { MessageEvent } from "../domain/events.ts";
import type { Message } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { MessageState } from "../domain/status.ts";

/** What the engine hands to a transport for one attempt. */
export interface Attempt {
  readonly message: Message;
  readonly agent: Agent;
  /** The state when the attempt began; tells what earlier attempts had reached (see `resume`). */
  readonly state: MessageState;
  /** The exact text to type. */
  readonly text: string;
  /** One line that names the inbox file, to type instead where several lines can't be. */
  readonly pointer: string;
  /** Texts that swarm typed to this agent in recent attempts: a "draft" equal to one is a stray of ours. */
  readonly recentTexts: readonly string[];
  /** Records an event. With `isDurable` it is on disk when this returns. */
  record(event: MessageEvent, isDurable: boolean): void;
  /** Saves a draft durably and returns its path relative to the workspace root. */
  saveDraft(text: string): string;
  /** The text of a draft saved before, or null when it can't be read. */
  readDraft(file: string): string | null;
  /**
   * Milliseconds on the monotonic clock by which the way to Enter must have ended. The engine gives up an attempt that
   * hangs for four times as long, and from then on `record` throws.
   */
  readonly deadline: number;
  /** Aborted when the worker stops: end at the next safe point, before Enter. */
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Called when a worker starts: puts right what a killed one has left, where messages do not tell of it. */
  start?(signal: AbortSignal): Promise<void>;
  /** Delivers. Never throws for what the world does; a throw is a bug. */
  deliver(attempt: Attempt): Promise<Outcome>;
  /**
   * Called for a message whose attempt was cut off by a crash after `intent`, or handed back after `typed` (see
   * `attempt.state.step`): looks what became of it and ends it. `handed_back`: it can't be looked at now; asked again later.
   * `intent` and the text is not there: deferred. `typed` and still there: goes on from there.
   * `typed` and gone without proof: unknown. `submitted`: confirmed. Puts a saved draft back.
   */
  resume(attempt: Attempt): Promise<Outcome>;
  /** Lets go of processes and connections. */
  close(): Promise<void>;
}

/** All transports, each made when it is first needed. */
export interface Transports {
  get(name: TransportName): Transport;
  /** How many attempts over this transport may run side by side. */
  parallel(name: TransportName): number;
  /** Forgets a transport that hangs; the next attempt gets a new one. */
  discard(name: TransportName): Promise<void>;
  close(): Promise<void>;
}
