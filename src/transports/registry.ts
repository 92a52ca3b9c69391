/** All transports, one line each, made when the first attempt needs them. */
import type { TransportName } from "../domain/agent.ts";
import type { Transport, Transports } from "../ports/transport.ts";
import { type DesktopDeps, desktopTransport } from "./desktop/index.ts";
import { inboxTransport } from "./inbox.ts";
import { type TmuxDeps, tmuxTransport } from "./tmux/index.ts";

interface Entry {
  /** Attempts side by side. */
  readonly parallel: number;
  readonly make: () => Transport;
}

export interface TransportDeps {
  /** Made when the first desktop attempt needs it: a desktop is a child process. */
  readonly desktop: () => DesktopDeps;
  readonly tmux: () => TmuxDeps;
}

export function transportRegistry(deps: TransportDeps): Transports {
  return openTransports({
    inbox: { parallel: 2, make: inboxTransport }, // it never waits, and more at once only keep those who ask from an answer
    desktop: { parallel: 1, make: () => desktopTransport(deps.desktop()) }, // one pair of hands; the first in order goes first
    tmux: { parallel: 16, make: () => tmuxTransport(deps.tmux()) },
  });
}

/** Transports made of these entries. */
function openTransports(entries: Readonly<Record<TransportName, Entry>>): Transports {
  const made = new Map<TransportName, Transport>();
  const discard = async (name: TransportName) => {
    const transport = made.get(name);
    made.delete(name);
    await transport?.close();
  };
  return {
    get: (name) => {
      const transport = made.get(name) ?? entries[name].make();
      made.set(name, transport);
      return transport;
    },
    parallel: (name) => entries[name].parallel,
    discard,
    close: async () => {
      await Promise.all([...made.keys()].map(discard));
    },
  };
}
