/** Where the tracker learns what happened before its worker began, and what waiting messages hold. */
import { join } from "node:path";
import type { StoredMessage } from "../ports/store.ts";
import { lastLineHeads } from "../support/line-search.ts";
import { withAcknowledgement } from "./acknowledgements.ts";
import { type ArchivedSummary, HEAD_BYTES, readSummary } from "./archive-line.ts";
import { archivedMonths, monthFile } from "./archive-totals.ts";
import type { Folders, QueueFolder } from "./folders.ts";
import { listFolder } from "./locate.ts";
import { readMessage } from "./message-file.ts";
import { trackerRecord } from "./tracker-record.ts";
import type { WaitingFile } from "./waiting-list.ts";

/** How far back into one month's file is looked, in bytes: big bodies make few lines. */
const LOOK_BACK_BYTES = 64 << 20;

/** Newest `limit` finished messages of spool and archive, oldest first. */
export function newestFinished(folders: Folders, limit: number): readonly ArchivedSummary[] {
  const found = [
    ...archived(folders, limit),
    ...(["done", "failed", "unconfirmed"] as const).flatMap((folder) => inFolder(folders, folder, limit)),
  ];
  return found.sort((a, b) => (a.summary.updated_at < b.summary.updated_at ? -1 : 1)).slice(-limit);
}

function archived(folders: Folders, limit: number): readonly ArchivedSummary[] {
  const summaries: ArchivedSummary[] = [];
  for (const month of archivedMonths(folders).toReversed()) {
    if (summaries.length >= limit) break;
    const path = monthFile(folders, month);
    const limits = { maxLines: limit - summaries.length, maxBytes: LOOK_BACK_BYTES };
    for (const line of lastLineHeads(path, HEAD_BYTES, limits)) {
      const summary = readSummary(path, line);
      if (summary) summaries.push(summary);
    }
  }
  return summaries;
}

function inFolder(folders: Folders, folder: QueueFolder, limit: number): readonly ArchivedSummary[] {
  const newest = listFolder(folders.of(folder)).toSorted(byAcceptance).slice(-limit);
  return newest.flatMap((file) => {
    const reading = readMessage(folders.of(folder, file), file);
    if (reading.kind !== "message") return [];
    const stored = withAcknowledgement(folders, reading.stored);
    return [{ id: stored.message.id, summary: trackerRecord(stored) }];
  });
}

/** Behind the digit of the priority. */
function byAcceptance(a: string, b: string): number {
  return a.slice(2) < b.slice(2) ? -1 : 1;
}

/** Null when it no longer waits there, or is damaged (whoever claims it parks it). */
export function readWaiting({ directory, file }: WaitingFile): StoredMessage | null {
  const reading = readMessage(join(directory, file), file);
  return reading.kind === "message" ? reading.stored : null;
}

export function acknowledgedIds(folders: Folders): readonly string[] {
  return listFolder(folders.of("acks")).flatMap((name) => /^(msg_\w+)\.json$/.exec(name)?.[1] ?? []);
}
