/** Takes back what still waits. */
import { cancelAll } from "../app/cancel-all.ts";
import { openOutbox } from "../app/compose.ts";
import type { Config } from "../config/config.ts";
import type { StoredMessage } from "../ports/store.ts";
import { messageWithId, unknownId } from "./find-message.ts";
import { agentNamed } from "./recipients.ts";

/** One message, and whether it was taken back: it may be on its way, or have ended. Throws SwarmError (3) when there is none. */
export function cancelMessage(
  id: string,
  config: Config,
): { readonly stored: StoredMessage; readonly isCancelled: boolean } {
  const outbox = openOutbox(config);
  const result = outbox.cancel(id);
  if (result === "unknown") throw unknownId(id, outbox, config);
  return { stored: messageWithId(id, outbox, config), isCancelled: result === "cancelled" };
}

/** All that waits for an agent. Throws SwarmError (3) when there is no such agent. */
export function cancelForAgent(name: string, config: Config): readonly StoredMessage[] {
  const agent = agentNamed(name, config).name;
  const outbox = openOutbox(config);
  return cancelAll(config.root, outbox, agent).flatMap((id) => outbox.find(id) ?? []);
}
