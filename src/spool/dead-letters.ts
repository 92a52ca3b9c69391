/**
 * `retry-failed`, `purge` and `cancel`: each is one atomic rename, whose new name says what happened (see message-name.ts). Of
 * any number of processes one wins it, and there is no moment in which a crash leaves half of it.
 */
import { renameSync } from "node:fs";
import type { DeadLetterSelection, StoredMessage } from "../ports/store.ts";
import { syncFolder } from "../support/atomic-file.ts";
import { appendWhole } from "../support/line-log.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { type Location, listFolder, locateIn, pathOf } from "./locate.ts";
import { eventLine, readMessage } from "./message-file.ts";
import { type MessageName, parseName, remarked } from "./message-name.ts";

/** See `Outbox.retryFailed`. Messages that can't be read stay where they are. Throws the system's error. */
export function retryFailed(
  folders: Folders,
  selection: DeadLetterSelection,
  now: number,
): readonly string[] {
  const retried: string[] = [];
  for (const { folder, file, stored } of deadLetters(folders, selection, now)) {
    const round = stored.events.filter((event) => event.type === "retried").length + 1;
    const target = remarked(file, { retried: { round, at: now } });
    if (isMoved(folders.of(folder, file), folders.of("new", target))) retried.push(stored.message.id);
  }
  // Before anybody is told: a retried message that a power cut puts back among the failed ones would wait there unseen.
  if (retried.length > 0) syncFolder(folders.of("new"));
  return retried;
}

interface DeadLetter {
  readonly folder: "failed" | "unconfirmed";
  readonly file: string;
  readonly stored: StoredMessage;
}

/** Those that can be read, one after the other. Throws the system's error. */
export function* deadLetters(
  folders: Folders,
  selection: DeadLetterSelection,
  now: number,
): Generator<DeadLetter> {
  const sources = selection.isUnconfirmedIncluded
    ? (["failed", "unconfirmed"] as const)
    : (["failed"] as const);
  for (const folder of sources) {
    for (const file of listFolder(folders.of(folder))) {
      const name = parseName(file);
      if (!name || !isNamed(name, selection)) continue;
      const reading = readMessage(folders.of(folder, file), file);
      if (reading.kind === "message" && isOldEnough(reading.stored, selection, now))
        yield { folder, file, stored: reading.stored };
    }
  }
}

function isNamed(name: MessageName, { agent, id }: DeadLetterSelection): boolean {
  return (agent === undefined || agent === name.recipient) && (id === undefined || id === name.id);
}

function isOldEnough(
  { state }: StoredMessage,
  { olderThanMs = 0 }: DeadLetterSelection,
  now: number,
): boolean {
  return olderThanMs <= 0 || now - (state.finishedAt ?? now) >= olderThanMs;
}

/** See `Outbox.purge`. Throws the system's error. */
export function purge(folders: Folders, id: string, from: "failed" | "unconfirmed", now: number): boolean {
  const location = locateIn(folders, id, [from]);
  return location !== null && isCancelled(folders, location, now);
}

/** See `Outbox.cancel`; `not_found` when it does not wait. Throws the system's error. */
export function cancel(folders: Folders, id: string, now: number): "cancelled" | "not_found" {
  const location = locateIn(folders, id, ["new"]) ?? locateIn(folders, id, ["new"]);
  return location && isCancelled(folders, location, now) ? "cancelled" : "not_found";
}

/** False when another process was faster. */
function isCancelled(folders: Folders, location: Location, now: number): boolean {
  const file = remarked(location.file, { ended: { type: "cancelled", at: now } });
  const path = folders.of("done", file);
  if (!isMoved(pathOf(location), path)) return false;
  syncFolder(folders.of("done"));
  writeDown(path, file);
  return true;
}

/** The events as lines, for whoever reads the file. The name has said it already, so that nothing hangs on it. */
function writeDown(path: string, file: string): void {
  const reading = readMessage(path, file);
  if (reading.kind !== "message" || reading.pending.length === 0) return;
  try {
    appendWhole(path, reading.pending.map(eventLine).join(""), {
      wholeBytes: reading.wholeBytes,
      isSynced: true,
    });
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
  }
}

/** False when another process was faster. */
function isMoved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return false;
    throw cause;
  }
}
