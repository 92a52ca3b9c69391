/**
 * `retry-failed` and `cancel`: each is one atomic rename, whose new name says what happened (see message-name.ts). Of
 * any number of processes one wins it, and there is no moment in which a crash leaves half of it.
 */
import { renameSync } from "node:fs";
import type { RetrySelection } from "../ports/store.ts";
import { syncFolder } from "../support/atomic-file.ts";
import { appendWhole } from "../support/line-log.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { listFolder, locateIn, pathOf } from "./locate.ts";
import { eventLine, readMessage } from "./message-file.ts";
import { type MessageName, parseName, remarked } from "./message-name.ts";

/** See `Outbox.retryFailed`. Messages that can't be read stay where they are. Throws the system's error. */
export function retryFailed(folders: Folders, selection: RetrySelection, now: number): readonly string[] {
  const sources = selection.isUnconfirmedIncluded
    ? (["failed", "unconfirmed"] as const)
    : (["failed"] as const);
  const retried: string[] = [];
  for (const folder of sources) {
    for (const file of listFolder(folders.of(folder))) {
      const name = parseName(file);
      if (!name || !isNamed(name, selection)) continue;
      const path = folders.of(folder, file);
      const round = nextRound(path, file, selection, now);
      if (round === null) continue;
      const target = remarked(file, { retried: { round, at: now } });
      if (isMoved(path, folders.of("new", target))) retried.push(name.id);
    }
  }
  // Before anybody is told: a retried message that a power cut puts back among the failed ones would wait there unseen.
  if (retried.length > 0) syncFolder(folders.of("new"));
  return retried;
}

function isNamed(name: MessageName, { agent, id }: RetrySelection): boolean {
  return (agent === undefined || agent === name.recipient) && (id === undefined || id === name.id);
}

/** The how manieth retry it would be; null when it is not to be retried. */
function nextRound(
  path: string,
  file: string,
  { olderThanMs = 0 }: RetrySelection,
  now: number,
): number | null {
  const reading = readMessage(path, file);
  if (reading.kind !== "message") return null;
  const { events, state } = reading.stored;
  if (olderThanMs > 0 && now - (state.finishedAt ?? now) < olderThanMs) return null;
  return events.filter((event) => event.type === "retried").length + 1;
}

/** See `Outbox.cancel`; `not_found` when it does not wait. Throws the system's error. */
export function cancel(folders: Folders, id: string, now: number): "cancelled" | "not_found" {
  const location = locateIn(folders, id, ["new"]) ?? locateIn(folders, id, ["new"]);
  if (!location) return "not_found";
  const file = remarked(location.file, { ended: { type: "cancelled", at: now } });
  const path = folders.of("done", file);
  if (!isMoved(pathOf(location), path)) return "not_found";
  syncFolder(folders.of("done"));
  writeDown(path, file);
  return "cancelled";
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
