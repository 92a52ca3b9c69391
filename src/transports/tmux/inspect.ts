/** What would happen to a message for a terminal agent right now: looked at, nothing typed. */
import type { TmuxAgent } from "../../domain/agent.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { TerminalProfile } from "../../domain/terminal-profile.ts";
import type { OnPane, Terminals } from "../../ports/terminals.ts";
import { type Reading, readComposer } from "./composer.ts";
import { findPane } from "./find-pane.ts";
import { type Chosen, targetOf } from "./target.ts";

export interface Inspected {
  readonly where: string;
  readonly chosen: Chosen;
  readonly reading: Reading;
  readonly isInMode: boolean;
}

export async function inspectPane(
  terminals: Terminals,
  agent: TmuxAgent,
  profiles: ReadonlyMap<string, TerminalProfile>,
): Promise<OnPane<Inspected>> {
  const found = await findPane(terminals, agent);
  if (!found.ok) return found;
  const { pane } = found;
  const looked = await pane.look();
  if (!looked.ok) return looked;
  const { screen } = looked;
  const target = await targetOf(agent, pane, screen.program, profiles);
  if (!target.ok) return refused(target.error);
  const { chosen } = target;
  const reading = readComposer(screen, chosen.profile);
  return { ok: true, where: pane.where, chosen, reading, isInMode: screen.isInMode };
}

function refused(error: DeliveryError): OnPane<never> {
  return { ok: false, isMoved: false, error };
}
