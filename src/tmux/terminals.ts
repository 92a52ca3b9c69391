/** The panes of this machine's tmux servers: each found once, and reached over one connection per server. */
import type { DeliveryError } from "../domain/errors.ts";
import type { OnPane, Pane, Terminals } from "../ports/terminals.ts";
import { controlLink } from "./control-link.ts";
import type { Link } from "./link.ts";
import { type Pin, pinnedPane } from "./pane.ts";
import { LIST_COMMAND, type ListedPane, panesNamed, parsePanes, targetOf, whereOf } from "./pane-list.ts";
import { processLink, runTmux } from "./process-link.ts";

/** One for each server, however many ask for it at once. */
interface Connection {
  readonly serverPid: string;
  readonly link: Promise<Link>;
  lastUsedAt: number;
}

/** An attached client shows in `tmux ls`: it goes when nothing was to do for so long, in milliseconds. */
const IDLE_MS = 5_000;
/** Hooks that would run when a client comes and goes. */
const CLIENT_HOOK = /^client-(?:attached|detached|session-changed)\[\d+\] /;

export function tmuxTerminals(): Terminals {
  const connections = new Map<string, Connection>();
  let sweep: NodeJS.Timeout | null = null;

  const drop = (socket: string, connection: Connection) => {
    if (connections.get(socket) === connection) connections.delete(socket);
    void connection.link.then((link) => link.close());
  };
  const sweepLater = () => {
    sweep ??= setTimeout(() => {
      sweep = null;
      for (const [socket, connection] of connections)
        if (performance.now() - connection.lastUsedAt >= IDLE_MS) drop(socket, connection);
      if (connections.size > 0) sweepLater();
    }, IDLE_MS).unref();
  };

  const connect = (socket: string, pin: Pin): Promise<Link> => {
    const known = connections.get(socket);
    if (known?.serverPid === pin.serverPid) {
      known.lastUsedAt = performance.now();
      return known.link;
    }
    if (known) drop(socket, known);
    const onClosed = () => drop(socket, connection);
    const onUsed = () => {
      connection.lastUsedAt = performance.now();
    };
    const link = openLink(socketArguments(socket), pin, onClosed).then((own) => watched(own, onUsed));
    const connection: Connection = { serverPid: pin.serverPid, link, lastUsedAt: performance.now() };
    connections.set(socket, connection);
    sweepLater();
    return link;
  };

  const listed = async (socket: string) => {
    const known = (await connections.get(socket)?.link) ?? processLink(socketArguments(socket));
    const answer = await known.run([LIST_COMMAND]);
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
      const { pin } = only;
      const link = await connect(socket, pin);
      return { ok: true, pane: pinnedPane(link, pin, whereOf(only)) };
    },
    async close() {
      if (sweep) clearTimeout(sweep);
      for (const [socket, connection] of [...connections]) drop(socket, connection);
    },
  };
}

async function openLink(args: readonly string[], pin: Pin, onClosed: () => void): Promise<Link> {
  const isFree = await leavesNoTrace(args, pin.sessionId);
  return isFree ? controlLink(args, pin.sessionId, onClosed) : processLink(args);
}

function watched(link: Link, onUsed: () => void): Link {
  return {
    run(commands, buffer) {
      onUsed();
      return link.run(commands, buffer);
    },
    close: () => link.close(),
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
