/** An attempt that a person asked for to see whether typing works: recorded nowhere, and never submitted. */
import type { Agent } from "../domain/agent.ts";
import type { Message } from "../domain/message.ts";
import { initialState } from "../domain/status.ts";
import type { Attempt } from "../ports/transport.ts";
import type { Clock } from "../ports/world.ts";

export interface Probe {
  readonly id: string;
  readonly text: string;
  /** Display of the calling process, or null. */
  readonly display: string | null;
  /** Saves a draft that was found, durably, and returns where. */
  saveDraft(text: string): string;
}

/** `attemptMs`: the time that the probe may take. */
export function probeAttempt(clock: Clock, attemptMs: number, agent: Agent, probe: Probe): Attempt {
  const now = clock.now();
  const message: Message = {
    id: probe.id,
    broadcastId: null,
    recipient: agent.name,
    sender: "swarm calibrate",
    // A person asked for it just now: there is no pause to wait for.
    priority: "urgent",
    body: probe.text,
    sha256: "",
    key: null,
    raw: true,
    display: probe.display,
    acceptedAt: now,
    expiresAt: null,
    notBefore: null,
    join: false,
  };
  return {
    message,
    agent,
    state: initialState(now),
    text: probe.text,
    pointer: probe.text,
    recentTexts: [],
    record: () => undefined,
    saveDraft: (text) => probe.saveDraft(text),
    readDraft: () => null,
    deadline: clock.monotonic() + attemptMs,
    signal: new AbortController().signal,
  };
}
