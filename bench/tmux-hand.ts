/** The ways in which scripts type into tmux panes: nothing is looked at. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TmuxServer } from "../test/tmux-fixture/tmux.ts";
import { sleep } from "./workshop.ts";

/** `pauseMs`: between the text and Enter. */
export async function pasteAndEnter(
  server: TmuxServer,
  pane: string,
  text: string,
  pauseMs: number,
): Promise<void> {
  await tmux(server, ["load-buffer", "-b", "hand", "-"], text);
  await tmux(server, ["paste-buffer", "-p", "-d", "-b", "hand", "-t", pane]);
  await sleep(pauseMs);
  await tmux(server, ["send-keys", "-t", pane, "Enter"]);
}

/** The same with the text as keys: each line break in it is an Enter. */
export async function keysAndEnter(
  server: TmuxServer,
  pane: string,
  text: string,
  pauseMs: number,
): Promise<void> {
  await tmux(server, ["send-keys", "-l", "-t", pane, "--", text]);
  await sleep(pauseMs);
  await tmux(server, ["send-keys", "-t", pane, "Enter"]);
}

async function tmux({ socket }: TmuxServer, args: readonly string[], input = ""): Promise<void> {
  const client = spawn("tmux", ["-u", "-S", socket, ...args], { stdio: ["pipe", "ignore", "ignore"] });
  client.stdin.on("error", () => undefined);
  client.stdin.end(input);
  await once(client, "exit");
}
