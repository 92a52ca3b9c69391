/** Agents, settings and transports for tests of the engine. */
import type { WorkerDeps } from "../../src/delivery/worker.ts";
import type { Agent, TransportName } from "../../src/domain/agent.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { DeliverySettings } from "../../src/ports/settings.ts";
import type { Attempt, Transport, Transports } from "../../src/ports/transport.ts";
import { inboxTransport } from "../../src/transports/inbox.ts";

export function inboxAgent(name: string): Agent {
  return { name, transport: "inbox" };
}

export function desktopAgent(name: string): Agent {
  return {
    name,
    transport: "desktop",
    profile: "chat",
    windowTitle: name,
    input: { x: 1, y: 1, from: "top-left" },
  };
}

export function settingsFor(
  agents: readonly Agent[],
  parts: Partial<DeliverySettings> = {},
): DeliverySettings {
  return {
    agents: new Map(agents.map((agent) => [agent.name, agent])),
    retry: { attempts: 3, backoff: { initialMs: 20, factor: 2, maxMs: 100 } },
    attemptTimeoutMs: 20_000,
    text: { header: "[#{id} from {sender}] ", inlineLimit: 8000 },
    isJoining: false,
    metricsWindowMs: 3_600_000,
    isPaused: () => false,
    ...parts,
  };
}

/** The inbox transport as it is, and this one for every desktop agent. */
export function oneTransport(transport: Transport, parallel = 16) {
  const discarded: TransportName[] = [];
  const inbox = inboxTransport();
  const transports: Transports = {
    get: (name) => (name === "inbox" ? inbox : transport),
    parallel: () => parallel,
    discard: (name) => {
      discarded.push(name);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return { transports, discarded };
}

/** Types and submits with all evidence, as a desktop attempt does that goes well. */
export function typeAndSubmit(attempt: Attempt): Outcome {
  attempt.record({ type: "intent", at: Date.now(), window: attempt.agent.name }, true);
  attempt.record({ type: "typed", at: Date.now(), ms: 1 }, true);
  attempt.record({ type: "submitted", at: Date.now(), ms: 1, enters: 1 }, true);
  return { kind: "confirmed" };
}

/** For workers whose alerts are not what is tested: none fires, and nobody stays for one. */
export const noAlerts: WorkerDeps["alerts"] = {
  start: () => undefined,
  look: () => undefined,
  mayEnd: () => true,
  stop: () => Promise.resolve(),
};
