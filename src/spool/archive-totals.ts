/**
 * How many messages the archive holds, without reading it: `archive/totals.json` says for each month the counts, and up
 * to which byte of the month's file they go. Whoever reads adds what lies behind that byte. It is written after the
 * lines are on disk and the files in `done` are gone, so a line behind the byte may still have its file there.
 */
import { join } from "node:path";
import { writeAtomically } from "../support/atomic-file.ts";
import { eachLineHead } from "../support/line-search.ts";
import { readFile } from "../support/regular-file.ts";
import { isSystemError } from "../support/system-error.ts";
import { HEAD_BYTES, readSummary } from "./archive-line.ts";
import type { Json } from "./event-line.ts";
import type { Folders } from "./folders.ts";
import { listFolder } from "./locate.ts";
import { parseJson } from "./message-file.ts";

export const ARCHIVED_STATUSES = ["delivered", "cancelled", "expired"] as const;
export type ArchivedStatus = (typeof ARCHIVED_STATUSES)[number];

export interface MonthTotals extends Readonly<Record<ArchivedStatus, number>> {
  /** Length of the month's file that the counts go up to. */
  readonly bytes: number;
}

const NONE: MonthTotals = { bytes: 0, delivered: 0, cancelled: 0, expired: 0 };
const MONTH_FILE = /^(\d{4}-\d{2})\.ndjson$/;

/** `YYYY-MM` of each month in the archive, oldest first. */
export function archivedMonths(folders: Folders): readonly string[] {
  return listFolder(folders.archive)
    .flatMap((name) => MONTH_FILE.exec(name)?.[1] ?? [])
    .sort();
}

export function monthFile(folders: Folders, month: string): string {
  return join(folders.archive, `${month}.ndjson`);
}

/** `YYYY-MM` in UTC. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** `YYYY-MM` of the month in which the message with this id was accepted. */
export function monthOfId(id: string): string {
  return `${id.slice(4, 8)}-${id.slice(8, 10)}`;
}

/** The true totals by month: the stored ones, carried on to the ends of the files. `onNew` hears each id counted so. */
export function readTotals(folders: Folders, onNew?: (id: string) => void): ReadonlyMap<string, MonthTotals> {
  const stored = readStored(folders);
  return new Map(
    archivedMonths(folders).map((month) => [month, carryOn(folders, month, stored.get(month), onNew)]),
  );
}

function carryOn(
  folders: Folders,
  month: string,
  stored: MonthTotals | undefined,
  onNew?: (id: string) => void,
): MonthTotals {
  const totals = { ...(stored ?? NONE) };
  const path = monthFile(folders, month);
  totals.bytes = eachLineHead(path, totals.bytes, HEAD_BYTES, (line) => {
    const archived = readSummary(path, line);
    const status = ARCHIVED_STATUSES.find((name) => name === archived?.summary.status);
    if (!archived || !status) return;
    totals[status] += 1;
    onNew?.(archived.id);
  });
  return totals;
}

/** Changes whenever messages leave `done` for the archive. */
export function totalsVersion(folders: Folders): string {
  try {
    return readFile(totalsFile(folders)).toString("utf8");
  } catch (cause) {
    if (isSystemError(cause)) return "";
    throw cause;
  }
}

/** Replaces the stored totals; not synced, as they can be counted again. Throws the system's error. */
export function writeTotals(folders: Folders, totals: ReadonlyMap<string, MonthTotals>): void {
  const text = `${JSON.stringify({ schema: 1, months: Object.fromEntries(totals) }, null, 1)}\n`;
  writeAtomically(totalsFile(folders), text, { isSynced: false, temporary: `${totalsFile(folders)}.tmp` });
}

function readStored(folders: Folders): ReadonlyMap<string, MonthTotals> {
  const value = parseJson(totalsVersion(folders)) as Json | undefined;
  const months = Object.entries((value?.["months"] ?? {}) as Json);
  return new Map(
    months.flatMap(([month, value]) => {
      const totals = parseTotals(value);
      return totals ? [[month, totals] as const] : [];
    }),
  );
}

/** Only what is known of it: it is written again, and anything else may have no end. Null where a count is none. */
function parseTotals(value: unknown): MonthTotals | null {
  const { bytes, delivered, cancelled, expired } = (value ?? {}) as Json;
  return isCount(bytes) && isCount(delivered) && isCount(cancelled) && isCount(expired)
    ? { bytes, delivered, cancelled, expired }
    : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function totalsFile(folders: Folders): string {
  return join(folders.archive, "totals.json");
}
