/** Commands through one client process for each request: for servers in which an attached client would leave traces. */
import { spawn } from "node:child_process";
import { ANSWER_MS, type Answer, type Command, type Link, type Buffer as TmuxBuffer } from "./link.ts";

export function processLink(args: readonly string[]): Link {
  return {
    run: (commands, buffer) => runTmux(args, commands, buffer),
    close: () => undefined,
  };
}

/** Never rejects. The text of `buffer` goes through standard input: what is among the arguments, others can read. */
export function runTmux(
  args: readonly string[],
  commands: readonly Command[],
  buffer?: TmuxBuffer,
): Promise<Answer> {
  const all = buffer ? [["load-buffer", "-b", buffer.name, "-"], ...commands] : commands;
  const words = all.flatMap((command, i) => [...(i > 0 ? [";"] : []), ...command.map(plain)]);
  return new Promise((resolve) => {
    const client = spawn("tmux", ["-u", ...args, ...words], { stdio: "pipe", timeout: ANSWER_MS });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    client.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    client.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    client.on("error", (cause) =>
      resolve({ ok: false, reason: `tmux could not be started: ${cause.message}` }),
    );
    client.on("close", (code, signal) => {
      if (code === 0) resolve({ ok: true, lines: linesOf(Buffer.concat(out).toString("utf8")) });
      else if (signal) resolve({ ok: false, reason: `tmux gave no answer for ${ANSWER_MS / 1_000} s` });
      else
        resolve({
          ok: false,
          reason: Buffer.concat(err).toString("utf8").trim() || `tmux ended with ${code}`,
        });
    });
    client.stdin.on("error", () => undefined);
    client.stdin.end(buffer?.text ?? "");
  });
}

/** An argument that ends with a semicolon would end the command. */
function plain(argument: string): string {
  return argument.replace(/;$/, "\\;");
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
