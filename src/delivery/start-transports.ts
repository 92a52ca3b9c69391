/** Lets the transports that are in use put right what a killed worker left of theirs, before there is anything to deliver. */
import type { Log } from "../ports/log.ts";
import type { SettingsSource } from "../ports/settings.ts";
import type { Transports } from "../ports/transport.ts";
import { reasonOf } from "../support/reason-of.ts";

export async function startTransports(
  deps: { readonly settings: SettingsSource; readonly transports: Transports; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  const { settings, transports, log } = deps;
  try {
    const used = new Set([...settings.current().agents.values()].map(({ transport }) => transport));
    for (const name of used) await transports.get(name).start?.(signal);
  } catch (error) {
    log.write("trouble", { reason: reasonOf(error) });
  }
}
