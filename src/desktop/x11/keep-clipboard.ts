/**
 * The keeper, a process of its own: serves the person's clipboard text when swarm has ended, until somebody copies something
 * else or the display goes away. It takes the clipboard as of the time at which the driver had: what a person copies in
 * that very moment is newer, and stays. (A program that takes it as of now, as xsel does, is newer than a key that was just pressed.)
 *
 * Arguments: the display, and that time. Standard input: the text. Standard output: `kept` or `newer`, once.
 */
import { closeSync, writeSync } from "node:fs";
import { openClipboard } from "./clipboard.ts";
import { connectDisplay } from "./display-connection.ts";

/** Programs that were asking for the text when it was replaced get the rest of it, in milliseconds. */
const LINGER_MS = 1_000;
const STDOUT = 1;

const [display = "", since = ""] = process.argv.slice(2);

async function keep(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const clipboard = await openClipboard(await connectDisplay(display, () => process.exit()));
  clipboard.onTaken(() => setTimeout(() => process.exit(), LINGER_MS));
  const isKept = await clipboard.takeOver({ text, flavors: {} }, Number(since));
  writeSync(STDOUT, isKept ? "kept" : "newer");
  closeSync(STDOUT);
  if (!isKept) process.exit();
}

keep().catch(() => process.exit(1));
