/** Finds the pane of an agent; where there is none, or several, says how swarm is shown the right one. */
import type { TmuxAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { OnPane, Pane, Terminals } from "../../ports/terminals.ts";

export async function findPane(
  terminals: Terminals,
  agent: TmuxAgent,
): Promise<OnPane<{ readonly pane: Pane }>> {
  const found = await terminals.find(agent.socket, agent.pane);
  return found.ok ? found : { ...found, error: withRemedy(agent, found.error) };
}

function withRemedy({ name }: TmuxAgent, error: DeliveryError): DeliveryError {
  const show = `swarm calibrate ${name} --pane PANE (swarm calibrate --panes lists them)`;
  switch (error.code) {
    case "pane_not_found":
      return { ...error, hint: `start the agent in it, or show swarm its pane: ${show}` };
    case "pane_ambiguous":
      return { ...error, hint: `name one of them: ${show}` };
    default:
      return error;
  }
}
