/**
 * Commands over one client in control mode: no process per command.
 *
 * Each request is two lines: the commands, and a mark. tmux carries out a line up to its first error and answers each
 * command with a block; the mark's block ends the request whatever came before.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { ANSWER_MS, type Answer, type Command, type Link, type Buffer as TmuxBuffer } from "./link.ts";
import { commandLine } from "./quote.ts";

const MARK = "swarm-mark";

/**
 * The server writes to the client's own output, and a client whose reader has died with an answer under way stays
 * attached for ever: not even `kill-server` ends it (seen in 3.3a). So somebody reads on when this process is killed.
 */
const CLIENT = 'tmux "$@" | { cat; exec cat >/dev/null; }';

interface Request {
  readonly lines: string[];
  failure: string | null;
  readonly settle: (answer: Answer) => void;
  readonly timer: NodeJS.Timeout;
}

/** `args`: how the server is reached. The client attaches to `session` without a size of its own and hears no output. */
export function controlLink(args: readonly string[], session: string, onClosed: () => void): Link {
  const words = [...args, "-C", "attach-session", "-E", "-f", "ignore-size,no-output", "-t", session];
  // In a group of its own, which Ctrl+C in the worker's terminal does not reach: it ends with its input.
  const client = spawn("sh", ["-c", CLIENT, "tmux", ...words], { stdio: "pipe", detached: true });
  const waiting: Request[] = [];
  let isOpen = true;

  const close = (reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    client.stdin.destroy();
    client.stdout.destroy();
    client.stderr.destroy();
    client.unref();
    for (const request of waiting.splice(0)) {
      clearTimeout(request.timer);
      request.settle({ ok: false, reason });
    }
    onClosed();
  };
  client.on("error", (cause) => close(`tmux could not be started: ${cause.message}`));
  client.on("exit", () => close("the tmux server has ended the connection"));
  client.stdin.on("error", () => close("the tmux server has ended the connection"));
  client.stderr.resume();
  readBlocks(client, (block) => {
    const [request] = waiting;
    if (!request) return; // the answer to `attach-session` itself
    if (block.lines.length === 1 && block.lines[0] === MARK) {
      waiting.shift();
      clearTimeout(request.timer);
      const { failure, lines } = request;
      request.settle(failure === null ? { ok: true, lines } : { ok: false, reason: failure });
    } else if (block.isError) request.failure ??= block.lines.join("; ");
    else request.lines.push(...block.lines);
  });

  return {
    run(commands: readonly Command[], buffer?: TmuxBuffer) {
      if (!isOpen) return Promise.resolve({ ok: false, reason: "the tmux server has ended the connection" });
      const all = buffer ? [["set-buffer", "-b", buffer.name, buffer.text], ...commands] : commands;
      return new Promise<Answer>((settle) => {
        const timer = setTimeout(() => close(`tmux gave no answer for ${ANSWER_MS / 1_000} s`), ANSWER_MS);
        waiting.push({ lines: [], failure: null, settle, timer });
        client.stdin.write(`${commandLine(all)}\ndisplay-message -p ${MARK}\n`);
      });
    },
    close: () => close("closed"),
  };
}

interface Block {
  readonly isError: boolean;
  readonly lines: readonly string[];
}

/** Blocks begin and end with lines that bear the same time and number; a line of a screen can look like one but for these. */
function readBlocks(client: ChildProcessWithoutNullStreams, onBlock: (block: Block) => void): void {
  let rest = "";
  let open: { readonly id: string; readonly lines: string[] } | null = null;
  client.stdout.setEncoding("utf8");
  client.stdout.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (open === null) {
        const id = /^%begin (\d+ \d+ \d+)$/.exec(line)?.[1];
        if (id !== undefined) open = { id, lines: [] };
        continue;
      }
      const isError = line === `%error ${open.id}`;
      if (!isError && line !== `%end ${open.id}`) {
        open.lines.push(line);
        continue;
      }
      onBlock({ isError, lines: open.lines });
      open = null;
    }
  });
}
