/** Stands where a transport is not there yet: refuses every message and names what to use instead. */
import type { TransportName } from "../domain/agent.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Transport } from "../ports/transport.ts";

export function missingTransport(name: TransportName): Transport {
  const refuse = (agent: string): Promise<Outcome> =>
    Promise.resolve({
      kind: "rejected",
      error: {
        code: "transport_missing",
        message: `${agent} is reached by ${name}, and this version of swarm has no ${name} transport`,
        hint: `set the agent's transport in swarm.json to inbox or desktop; then: swarm retry-failed --agent ${agent}`,
      },
    });
  return {
    deliver: ({ agent }) => refuse(agent.name),
    resume: ({ agent }) => refuse(agent.name),
    close: () => Promise.resolve(),
  };
}
