/** What lies in an agent's inbox. The agent may have moved or removed files; what is not a message is passed over. */
import { closeSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { folderInside } from "../support/folder-inside.ts";
import { openFile } from "../support/regular-file.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";

export interface InboxEntry {
  readonly id: string;
  readonly sender: string;
  readonly priority: string;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  /** Relative to the workspace's root. */
  readonly file: string;
  /** The body's first line that is not blank, cut short. */
  readonly firstLine: string;
}

const INBOX_FILE = /^MESSAGE_\d{8}_\d{6}_(msg_\d{8}_\d{6}_[0-9a-f]{8})\.md$/;
/** Header and the beginning of the body fit into so many bytes. */
const HEAD_BYTES = 2048;

/** Newest first. Throws the system's error when the folder is there and can't be read, or lies outside of the workspace. */
export function readInbox(root: string, agent: string): readonly InboxEntry[] {
  const parts = ["agent_workspaces", agent, "inbox"];
  const folder = parts.join("/");
  const path = folderInside(root, parts);
  if (path === null) return [];
  return namesIn(path)
    .filter((name) => INBOX_FILE.test(name))
    .flatMap((name) => entryOf(root, `${folder}/${name}`) ?? [])
    .sort((a, b) => b.acceptedAt - a.acceptedAt || (a.id < b.id ? 1 : -1));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return [];
    throw cause;
  }
}

function entryOf(root: string, file: string): InboxEntry | null {
  const head = readHead(join(root, file));
  const [header = "", ...body] = head?.split("\n---\n") ?? [];
  const field = (name: string) => new RegExp(`^\\*\\*${name}\\*\\*: (.*)$`, "m").exec(header)?.[1] ?? "";
  const acceptedAt = Date.parse(field("Timestamp"));
  const id = field("Message ID");
  if (id === "" || Number.isNaN(acceptedAt)) return null;
  const firstLine =
    body
      .join("\n---\n")
      .split("\n")
      .find((line) => line.trim() !== "") ?? "";
  return {
    id,
    sender: field("From"),
    priority: field("Priority"),
    acceptedAt,
    file,
    firstLine: firstLine.slice(0, 200),
  };
}

/** Null when it is no file, or was moved meanwhile. */
function readHead(path: string): string | null {
  try {
    const fd = openFile(path);
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      return bytes.toString("utf8", 0, readSync(fd, bytes, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    if (isSystemError(cause)) return null;
    throw cause;
  }
}
