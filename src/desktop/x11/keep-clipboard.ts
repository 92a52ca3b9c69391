/**
 * The keeper, a process of its own: serves the person's clipboard text when swarm has ended, until somebody copies something
 * else or the display goes away. It takes the clipboard as of the time at which the driver had: what a person copies in
 * that very moment is newer, and stays. (A program that takes it as of now, as xsel does, is newer than a key that was just pressed.)
 *
 * Arguments: the display, that time, and the length of the text in bytes. Standard output: `ready`; then, when the text has
 * come on standard input, `kept` or `newer`. Until all of the text has come it may be killed, or its driver be: it has not taken anything.
 */
import { writeSync } from "node:fs";
import { openClipboard } from "./clipboard.ts";
import { connectDisplay } from "./display-connection.ts";

/** Programs that were asking for the text when it was replaced get the rest of it, in milliseconds. */
const LINGER_MS = 1_000;
const STDOUT = 1;

const [display = "", since = "", bytes = ""] = process.argv.slice(2);

async function keep(): Promise<void> {
  const clipboard = await openClipboard(await connectDisplay(display, () => process.exit()));
  tell("ready");
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks);
  // A driver that was killed has not given all of it; the next one puts it back.
  if (text.length !== Number(bytes)) process.exit(1);
  clipboard.onTaken(() => setTimeout(() => process.exit(), LINGER_MS));
  const isKept = await clipboard.takeOver({ text: text.toString("utf8"), flavors: {} }, Number(since));
  tell(isKept ? "kept" : "newer");
  if (!isKept) process.exit();
}

/** Whoever is told may have ended. */
function tell(what: string): void {
  try {
    writeSync(STDOUT, what);
  } catch {
    // What it has, it keeps.
  }
}

keep().catch(() => process.exit(1));
