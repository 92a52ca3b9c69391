/** The panes of this machine's tmux servers: each found by its exact name. */
import type { DeliveryError } from "../domain/errors.ts";
import type { OnPane, Pane, Terminals } from "../ports/terminals.ts";
import type { Link } from "./link.ts";
import { pinnedPane } from "./pane.ts";
import { LIST_COMMAND, type ListedPane, panesNamed, parsePanes, targetOf, whereOf } from "./pane-list.ts";
import { processLink } from "./process-link.ts";
import { socketLink, socketPath } from "./socket-link.ts";

export function tmuxTerminals(): Terminals {
  /** Servers that only tmux's own client understands. */
  const foreign = new Map<string, Link>();
  const linkTo = (socket: string): Link => foreign.get(socket) ?? socketLink(socketPath(socket));

  /** Of a server that is not understood, tmux's own client asks: the list changes nothing, and comes before all else. */
  const listed = async (socket: string) => {
    let answer = await linkTo(socket).run([LIST_COMMAND]);
    if (!answer.ok && answer.isForeign) {
      const link = processLink(socketArguments(socket));
      answer = await link.run([LIST_COMMAND]);
      if (answer.ok) foreign.set(socket, link);
    }
    return answer.ok ? { ok: true as const, panes: parsePanes(answer.lines) } : answer;
  };

  return {
    async list(socket) {
      const all = await listed(socket);
      if (!all.ok) return noServer(socket, all.reason);
      const panes = all.panes.map((pane) => ({ where: whereOf(pane), target: targetOf(pane) }));
      return { ok: true, panes };
    },
    async find(socket, target): Promise<OnPane<{ readonly pane: Pane }>> {
      const all = await listed(socket);
      if (!all.ok) return notFound(socket, target, all.reason);
      const named = panesNamed(target, all.panes);
      const [only] = named;
      if (!only) return notFound(socket, target, "no pane has this name");
      if (named.length > 1) return ambiguous(target, named);
      return { ok: true, pane: pinnedPane(linkTo(socket), only.pin, whereOf(only)) };
    },
  };
}

function socketArguments(socket: string): readonly string[] {
  return socket.includes("/") ? ["-S", socket] : ["-L", socket];
}

function notFound(socket: string, target: string, reason: string): OnPane<never> {
  const error: DeliveryError = {
    code: "pane_not_found",
    message: `there is no tmux pane ${target} (socket ${socket}): ${reason}`,
    hint: "start the agent in it, or show swarm its pane: swarm calibrate --panes lists them all",
  };
  return { ok: false, isMoved: false, error };
}

function noServer(socket: string, reason: string): OnPane<never> {
  const error: DeliveryError = {
    code: "pane_not_found",
    message: `the tmux server ${socket} can't be asked for its panes: ${reason}`,
    hint: "start the agents in tmux, or name the server: --socket NAME-OR-PATH",
  };
  return { ok: false, isMoved: false, error };
}

function ambiguous(target: string, named: readonly ListedPane[]): OnPane<never> {
  const error: DeliveryError = {
    code: "pane_ambiguous",
    message: `${target} names ${named.length} tmux panes: ${named.map(whereOf).slice(0, 5).join(", ")}`,
    hint: "name one of them in swarm.json, as session:window.pane",
  };
  return { ok: false, isMoved: false, error };
}
