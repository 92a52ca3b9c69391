/** Commands through tmux's own client, a process for each request: for servers that speak another protocol. */
import { spawn } from "node:child_process";
import { ANSWER_MS, type Answer, argvOf, type Link, linesOf, noAnswer, refusal } from "./link.ts";

/** `args`: how the server is reached. */
export function processLink(args: readonly string[]): Link {
  return {
    run: (commands, buffer) =>
      new Promise<Answer>((resolve) => {
        const words = ["-u", ...args, ...argvOf(commands, buffer)];
        const client = spawn("tmux", words, { stdio: "pipe", timeout: ANSWER_MS });
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        client.stdout.on("data", (chunk: Buffer) => out.push(chunk));
        client.stderr.on("data", (chunk: Buffer) => err.push(chunk));
        client.on("error", (cause) => resolve(refusal(`tmux could not be started: ${cause.message}`)));
        client.on("close", (code, signal) => {
          if (code === 0) resolve({ ok: true, lines: linesOf(textOf(out)) });
          else resolve(signal ? noAnswer() : refusal(textOf(err).trim() || `tmux ended with ${code}`));
        });
        client.stdin.on("error", () => undefined);
        client.stdin.end(buffer?.text ?? "");
      }),
  };
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
