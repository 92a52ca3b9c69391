/**
 * Which messages of an inbox its agent has seen: `runtime/read/<Agent>.txt`, an id per line. A view for the agent's own
 * use: where it is lost or torn, messages count as unread again, and nothing else happens.
 */
import { closeSync, constants } from "node:fs";
import { join } from "node:path";
import { writeAtomically, writeWhole } from "../support/atomic-file.ts";
import { folderInside, makeFolderInside } from "../support/folder-inside.ts";
import { wholeLines } from "../support/line-log.ts";
import { openFile, readFile } from "../support/regular-file.ts";
import { hasCode } from "../support/system-error.ts";

const FOLDER = ["runtime", "read"];
/** So many marks of messages that are no longer in the inbox are worth no rewriting. */
const SPARE_MARKS = 1_000;

/** Throws the system's error when the file is there and can't be read. */
export function readMarks(root: string, agent: string): ReadonlySet<string> {
  const folder = folderInside(root, FOLDER);
  if (folder === null) return new Set();
  try {
    return new Set(wholeLines(readFile(markFile(folder, agent))).lines);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return new Set();
    throw cause;
  }
}

/** Throws the system's error when it can't be written. */
export function markRead(root: string, agent: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const path = markFile(makeFolderInside(root, FOLDER), agent);
  const fd = openFile(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  try {
    // In one write, so that what several processes add at once stays whole.
    writeWhole(fd, ids.map((id) => `${id}\n`).join(""));
  } finally {
    closeSync(fd);
  }
}

/** Forgets the marks of messages that are not in the inbox any more, once they have become many. */
export function forgetOldMarks(root: string, agent: string, inInbox: ReadonlySet<string>): void {
  const marks = readMarks(root, agent);
  const kept = [...marks].filter((id) => inInbox.has(id));
  if (marks.size - kept.length < SPARE_MARKS) return;
  const path = markFile(makeFolderInside(root, FOLDER), agent);
  writeAtomically(path, kept.map((id) => `${id}\n`).join(""), { isSynced: false });
}

/** The agent's name is one that no path can be built from. */
function markFile(folder: string, agent: string): string {
  return join(folder, `${agent}.txt`);
}
