/**
 * The instant of commit. A message is accepted by one rename into `new`, of its own file or of a broadcast's folder,
 * after all bytes and names in it were synced; then `new` is synced. Before the rename nobody sees it; after it, it is
 * the worker's, whether or not its sender lives to say so.
 */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "../domain/message.ts";
import { createWhole, syncFolder } from "../support/atomic-file.ts";
import { hasCode } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { messageLine } from "./message-file.ts";
import { formatName, nameOf } from "./message-name.ts";

/** A message that has its id and its place in the order. */
export interface Identified {
  readonly message: Message;
  /** Microseconds since 1970. */
  readonly micros: number;
}

/** Commits all or none; durable when it returns. Throws the system's error, and then nothing was accepted. */
export function commit(folders: Folders, messages: readonly Identified[], groupName: string): void {
  const [first, ...more] = messages;
  if (!first) return;
  if (more.length === 0) commitOne(folders, first);
  else commitGroup(folders, messages, groupName);
}

function commitOne(folders: Folders, identified: Identified): void {
  const file = fileOf(identified);
  const written = folders.of("tmp", file);
  // Not exclusively: the id is ours, and a dropped file that is taken in anew after a crash has left this one half written.
  createWhole(written, messageLine(identified.message), { isSynced: true, mode: 0o600, flags: "w" });
  moveIn(folders, written, folders.of("new", file));
}

function commitGroup(folders: Folders, messages: readonly Identified[], groupName: string): void {
  const written = folders.of("tmp", groupName);
  mkdirSync(written, { mode: 0o700 });
  try {
    for (const identified of messages) {
      const line = messageLine(identified.message);
      createWhole(join(written, fileOf(identified)), line, { isSynced: true, mode: 0o600, flags: "wx" });
    }
    syncFolder(written);
  } catch (cause) {
    rmSync(written, { recursive: true, force: true });
    throw cause;
  }
  moveIn(folders, written, folders.of("new", groupName));
}

function moveIn(folders: Folders, written: string, accepted: string): void {
  try {
    renameSync(written, accepted);
  } catch (cause) {
    rmSync(written, { recursive: true, force: true });
    throw cause;
  }
  try {
    syncFolder(folders.of("new"));
  } catch (cause) {
    if (isWithdrawn(accepted, written)) throw cause;
  }
}

/**
 * The name may not outlive a power cut, so nothing is accepted: what was moved in is taken out again. False when the
 * worker has taken it already: then it is accepted, and saying otherwise would invite a second copy.
 */
function isWithdrawn(accepted: string, written: string): boolean {
  try {
    renameSync(accepted, written);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return false;
    // A disk that fails at everything may still remove.
    rmSync(accepted, { recursive: true, force: true });
    return true;
  }
  rmSync(written, { recursive: true, force: true });
  return true;
}

function fileOf({ message, micros }: Identified): string {
  return formatName(nameOf(message, micros));
}
