/** The panes of this machine's tmux servers: each found once, and reached over one connection per server. */
import type { DeliveryError } from "../domain/errors.ts";
import type { OnPane, Pane, Terminals } from "../ports/terminals.ts";
import { controlLink } from "./control-link.ts";
import type { Link } from "./link.ts";
import { type Pin, pinnedPane } from "./pane.ts";
import { LIST_COMMAND, type ListedPane, panesNamed, parsePanes, whereOf } from "./pane-list.ts";
import { processLink, runTmux } from "./process-link.ts";

interface Connection {
  readonly serverPid: string;
  readonly link: Link;
  lastUsedAt: number;
}

/** An attached client shows in `tmux ls`: it goes when nothing was to do for so long, in milliseconds. */
const IDLE_MS = 5_000;
/** Hooks that would run when a client comes and goes. */
const CLIENT_HOOK = /^client-(?:attached|detached|session-changed)\[\d+\] /;

export function tmuxTerminals(): Terminals {
  const connections = new Map<string, Connection>();
  let sweep: NodeJS.Timeout | null = null;

  const forget = (socket: string, link: Link) => {
    if (connections.get(socket)?.link === link) connections.delete(socket);
  };
  const sweepLater = () => {
    sweep ??= setTimeout(() => {
      sweep = null;
      for (const { link, lastUsedAt } of connections.values())
        if (performance.now() - lastUsedAt >= IDLE_MS) link.close();
      if (connections.size > 0) sweepLater();
    }, IDLE_MS).unref();
  };

  const connect = async (socket: string, pin: Pin): Promise<Link> => {
    const known = connections.get(socket);
    if (known?.serverPid === pin.serverPid) {
      known.lastUsedAt = performance.now();
      return known.link;
    }
    known?.link.close();
    const args = socketArguments(socket);
    const isFree = await leavesNoTrace(args, pin.sessionId);
    const own: Link = isFree
      ? controlLink(args, pin.sessionId, () => forget(socket, link))
      : processLink(args);
    const connection = { serverPid: pin.serverPid, lastUsedAt: performance.now() };
    const link: Link = {
      run(commands, buffer) {
        connection.lastUsedAt = performance.now();
        return own.run(commands, buffer);
      },
      close: () => own.close(),
    };
    connections.set(socket, Object.assign(connection, { link }));
    sweepLater();
    return link;
  };

  return {
    async find(socket, target): Promise<OnPane<{ readonly pane: Pane }>> {
      const known = connections.get(socket)?.link ?? processLink(socketArguments(socket));
      const answer = await known.run([LIST_COMMAND]);
      if (!answer.ok) return notFound(socket, target, answer.reason);
      const panes = parsePanes(answer.lines);
      const named = panesNamed(target, panes);
      const [listed] = named;
      if (!listed) return notFound(socket, target, "no pane has this name");
      if (named.length > 1) return ambiguous(target, named);
      const { pin } = listed;
      const link = await connect(socket, pin);
      return { ok: true, pane: pinnedPane(link, pin, whereOf(listed)) };
    },
    async close() {
      if (sweep) clearTimeout(sweep);
      for (const { link } of [...connections.values()]) link.close();
      connections.clear();
    },
  };
}

function socketArguments(socket: string): readonly string[] {
  return socket.includes("/") ? ["-S", socket] : ["-L", socket];
}

/** A client that attaches and leaves is noticed by no option and no hook. */
async function leavesNoTrace(args: readonly string[], session: string): Promise<boolean> {
  const answer = await runTmux(args, [
    ["display-message", "-p", "-t", session, "#{destroy-unattached} #{exit-unattached}"],
    ["show-hooks", "-g"],
    ["show-hooks", "-t", session],
  ]);
  if (!answer.ok) return false;
  const [options = "", ...hooks] = answer.lines;
  return /^(?:0|off) (?:0|off)$/.test(options) && !hooks.some((hook) => CLIENT_HOOK.test(hook));
}

function notFound(socket: string, target: string, reason: string): OnPane<never> {
  const error: DeliveryError = {
    code: "pane_not_found",
    message: `there is no tmux pane ${target} (socket ${socket}): ${reason}`,
    hint: "start the agent in it, or correct its pane in swarm.json; tmux list-panes -a shows all panes",
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
