/**
 * Finished messages leave the spool for `archive/<YYYY-MM>.ndjson`, the month in which they are archived.
 *
 * A batch: append the lines and sync; remove the files from `done` and sync; write the totals. A crash after the append
 * leaves files whose lines are there: at the next start these are the ids behind the byte that the totals go up to, and
 * such files are only removed. Only the worker archives.
 */
import { renameSync, rmSync, unlinkSync } from "node:fs";
import { isFinished } from "../domain/status.ts";
import type { StoredMessage } from "../ports/store.ts";
import type { Clock } from "../ports/world.ts";
import { createWhole, syncFolder } from "../support/atomic-file.ts";
import { appendWhole } from "../support/line-log.ts";
import { findLastLine } from "../support/line-search.ts";
import { hasCode } from "../support/system-error.ts";
import { acknowledgementFile, withAcknowledgement } from "./acknowledgements.ts";
import { FOLDER_OF } from "./active.ts";
import { archiveLine, archiveLinePrefix, parseArchiveLine } from "./archive-line.ts";
import {
  ARCHIVED_STATUSES,
  archivedMonths,
  type MonthTotals,
  monthFile,
  monthOf,
  monthOfId,
  readTotals,
  writeTotals,
} from "./archive-totals.ts";
import { park } from "./bad.ts";
import type { Folders } from "./folders.ts";
import { listFolder } from "./locate.ts";
import { readMessage } from "./message-file.ts";

/** Bodies are held in memory up to this many bytes at a time. */
const BATCH_BYTES = 4 << 20;

interface Finished {
  readonly path: string;
  readonly stored: StoredMessage;
}

export class Archive {
  readonly #folders: Folders;
  readonly #clock: Pick<Clock, "now">;
  #totals: Map<string, MonthTotals> | null = null;
  /** Ids whose lines were there when this process began: their files in `done` are leftovers. */
  readonly #archivedBefore = new Set<string>();

  constructor(folders: Folders, clock: Pick<Clock, "now">) {
    this.#folders = folders;
    this.#clock = clock;
  }

  /** Moves up to `limit` messages on; `onArchived` hears of each. Throws the system's error, and has then lost nothing. */
  archive(limit: number, onArchived: (stored: StoredMessage) => void): number {
    const files = listFolder(this.#folders.of("done")).slice(0, limit);
    let archived = 0;
    for (let rest = files; rest.length > 0; ) {
      const batch = this.#readBatch(rest);
      this.#storeOrForget(batch.finished);
      archived += batch.finished.length;
      for (const { stored } of batch.finished) onArchived(stored);
      rest = rest.slice(batch.taken);
    }
    return archived;
  }

  /** Removes months that ended more than `keepMs` milliseconds ago. */
  removeOld(keepMs: number): void {
    const oldest = monthOf(Math.max(0, this.#clock.now() - keepMs));
    for (const month of archivedMonths(this.#folders)) {
      if (month >= oldest) return;
      rmSync(monthFile(this.#folders, month), { force: true });
      this.#totals?.delete(month);
    }
  }

  #readBatch(files: readonly string[]): { readonly finished: readonly Finished[]; readonly taken: number } {
    const finished: Finished[] = [];
    let bytes = 0;
    let taken = 0;
    for (const file of files) {
      if (bytes >= BATCH_BYTES) break;
      taken += 1;
      const stored = this.#read(file);
      if (!stored) continue;
      bytes += stored.message.body.length;
      finished.push({
        path: this.#folders.of("done", file),
        stored: withAcknowledgement(this.#folders, stored),
      });
    }
    const finishedAt = ({ stored }: Finished) => stored.state.finishedAt ?? 0;
    return { finished: finished.sort((a, b) => finishedAt(a) - finishedAt(b)), taken };
  }

  #read(file: string): StoredMessage | null {
    const path = this.#folders.of("done", file);
    const reading = readMessage(path, file);
    if (reading.kind === "damaged") park(this.#folders, path, reading.reason);
    if (reading.kind !== "message") return null;
    const { status } = reading.stored.state;
    if (isFinished(status) && FOLDER_OF[status] === "done") return reading.stored;
    // Put here by hand, or by a power cut: the last line is the truth.
    renameSync(path, this.#folders.of(FOLDER_OF[status], file));
    return null;
  }

  #storeOrForget(batch: readonly Finished[]): void {
    try {
      this.#store(batch);
    } catch (cause) {
      // What got as far as the archive's file is found there again; the totals in memory are not to be believed.
      this.#totals = null;
      throw cause;
    }
  }

  #store(batch: readonly Finished[]): void {
    if (batch.length === 0) return;
    const totals = this.#loadTotals();
    const month = this.#monthFor(batch);
    const fresh = batch.filter(({ stored }) => !this.#archivedBefore.has(stored.message.id));
    const before = totals.get(month) ?? this.#newMonth(month);
    const text = fresh.map(({ stored }) => archiveLine(stored)).join("");
    const bytes = appendWhole(monthFile(this.#folders, month), text, {
      wholeBytes: before.bytes,
      isSynced: true,
    });
    for (const finished of batch) this.#remove(finished);
    // Before the totals: they may not reach the disk first, or a power cut would bring back files that no longer count as leftovers.
    syncFolder(this.#folders.of("done"));
    totals.set(month, { ...counted(before, fresh), bytes });
    writeTotals(this.#folders, totals);
  }

  /** Never one before that of an id in it, as `findArchived` looks no earlier: the clock may have been set back since. */
  #monthFor(batch: readonly Finished[]): string {
    const months = [monthOf(this.#clock.now()), ...batch.map(({ stored }) => monthOfId(stored.message.id))];
    return months.reduce((latest, month) => (month > latest ? month : latest));
  }

  #remove({ path, stored }: Finished): void {
    unlinkSync(path);
    const isAcknowledged = stored.events.some(({ type }) => type === "acknowledged");
    if (isAcknowledged) rmSync(acknowledgementFile(this.#folders, stored.message.id), { force: true });
  }

  #newMonth(month: string): MonthTotals {
    try {
      createWhole(monthFile(this.#folders, month), "", { isSynced: true, mode: 0o600, flags: "wx" });
      syncFolder(this.#folders.archive);
    } catch (cause) {
      if (!hasCode(cause, "EEXIST")) throw cause;
    }
    return { bytes: 0, delivered: 0, cancelled: 0, expired: 0 };
  }

  #loadTotals(): Map<string, MonthTotals> {
    this.#totals ??= new Map(readTotals(this.#folders, (id) => this.#archivedBefore.add(id)));
    return this.#totals;
  }
}

function counted(totals: MonthTotals, finished: readonly Finished[]): MonthTotals {
  const sums = { ...totals };
  for (const status of ARCHIVED_STATUSES)
    sums[status] += finished.filter(({ stored }) => stored.state.status === status).length;
  return sums;
}

/** Searches the month of the id and those after it. */
export function findArchived(folders: Folders, id: string): StoredMessage | null {
  const from = monthOfId(id);
  for (const month of archivedMonths(folders)) {
    const line = month < from ? null : findLastLine(monthFile(folders, month), archiveLinePrefix(id));
    const stored = line === null ? null : parseArchiveLine(line);
    if (stored) return withAcknowledgement(folders, stored);
  }
  return null;
}
