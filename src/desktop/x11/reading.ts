/** Reads what the target copied. */
import type { Content, Look } from "../../ports/desktop.ts";
import type { Aim } from "./aim.ts";
import type { X11Clipboard } from "./clipboard.ts";
import type { XConnection } from "./connection.ts";
import type { Heard } from "./ear.ts";

const READ_TIMEOUT_MS = 2_000;
/** How often an answer is read again because the target took the clipboard once more meanwhile. */
const READ_TRIES = 4;
/** More than this is read as plain text only: it is no draft. */
const RICH_LIMIT = 4_000;

/** Reads the answer (of an empty one, ProseMirror copies no text at all), and believes it only if the target owned the clipboard before and after. */
export async function interpret(
  x: XConnection,
  clipboard: X11Clipboard,
  aim: Aim,
  heard: Heard,
  isRich: boolean,
): Promise<Look | "vandal"> {
  if (heard.kind === "vandal") return "vandal";
  if (heard.kind === "silence") return heard;
  for (let tries = 0; tries < READ_TRIES; tries++) {
    const { takes } = clipboard;
    const content = await readContent(clipboard, isRich);
    const owner = await clipboard.owner();
    if (!x.isSameClient(owner, aim.window) || content === null) return "vandal";
    // Else the text may be of one copy and its other kinds of the next.
    if (clipboard.takes === takes) return { kind: "text", content, ms: heard.ms };
  }
  return "vandal";
}

async function readContent(clipboard: X11Clipboard, isRich: boolean): Promise<Content | null> {
  const text = await clipboard.read(READ_TIMEOUT_MS);
  if (text === null) return (await clipboard.isTextless(READ_TIMEOUT_MS)) ? plainText("") : null;
  return isRich && text.length <= RICH_LIMIT ? clipboard.readRich(READ_TIMEOUT_MS) : plainText(text);
}

function plainText(text: string): Content {
  return { text, flavors: {} };
}
