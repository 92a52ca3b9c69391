/** What was found on a desktop, on disk while swarm works there: a crash loses nothing, the next start puts it back. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GuestState } from "../ports/desktop.ts";
import { isGone, processStart } from "./process-alive.ts";

export interface Kept {
  readonly pid: number;
  readonly start: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The desktop as it was asked for. */
  readonly display: string;
  readonly state: GuestState;
  /** Hashes of the texts that swarm put in the clipboard, where nothing else tells them apart. */
  readonly own: readonly string[];
  /** What other programs have put into the clipboard meanwhile. */
  readonly others: readonly string[];
  /** All is back but the clipboard, whose text only this process serves yet, and every key of ours was answered. */
  readonly isSettled: boolean;
}

type Noted = "own" | "others" | "isSettled";
/** As older versions wrote it: a worker may be killed before an update and followed after it. */
type KeptBefore = Omit<Kept, "others" | "isSettled"> & Partial<Pick<Kept, "others" | "isSettled">>;

/** No process has this id. */
const NOBODY = 0;

/** Not synced: it must outlive a killed process, and a desktop does not outlive a power cut. */
export function keepGuest(
  line: string,
  display: string,
  state: GuestState,
  { own = [], others = [], isSettled = false }: Partial<Pick<Kept, Noted>> = {},
): void {
  const kept: Kept = {
    pid: process.pid,
    start: processStart(process.pid) ?? "0",
    at: Date.now(),
    display,
    state,
    own,
    others,
    isSettled,
  };
  const path = join(line, "guest.json");
  // Renamed into place: a process that is killed while it writes leaves what was there before.
  writeFileSync(`${path}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function forgetGuest(line: string): void {
  rmSync(join(line, "guest.json"), { force: true });
}

/** This process may not put it back any more: whoever holds the desktop next does, this process included. */
export function abandonGuest(line: string): void {
  const path = join(line, "guest.json");
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as Kept;
    if (kept.pid !== process.pid) return;
    writeFileSync(`${path}.new`, JSON.stringify({ ...kept, pid: NOBODY }), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // Nothing was kept, or the next holder has put it back already.
  }
}

/** What another process left behind: `isOwnerGone` false while that process may still be putting it back itself. */
export function leftBehind(line: string): { readonly kept: Kept; readonly isOwnerGone: boolean } | null {
  const path = join(line, "guest.json");
  if (!existsSync(path)) return null;
  try {
    const read = JSON.parse(readFileSync(path, "utf8")) as KeptBefore;
    const kept: Kept = { ...read, others: read.others ?? [], isSettled: read.isSettled ?? false };
    if (kept.pid === process.pid) return null;
    return { kept, isOwnerGone: kept.pid === NOBODY || isGone(kept.pid, kept.start) };
  } catch {
    rmSync(path, { force: true });
    return null;
  }
}

/**
 * The desktops on which another process keeps what it found: it is at work there, or was killed. `folder`: where
 * processes of this user meet.
 */
export function desktopsKept(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("desktop"))
    .flatMap((name) => {
      const left = leftBehind(join(folder, name));
      return left ? [left.kept.display] : [];
    });
}

/** Windows that ever asked us for the clipboard: after a crash one may still wait for an answer (see `clipboard.ts`). */
export function knownRequestors(line: string): {
  readonly all: () => ReadonlySet<number>;
  add(id: number): void;
} {
  const path = join(line, "requestors.json");
  const LIMIT = 64;
  let ids: number[] = [];
  try {
    const read: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (Array.isArray(read)) ids = read.filter((id) => Number.isInteger(id));
  } catch {
    // none known yet
  }
  return {
    all: () => new Set(ids),
    add(id) {
      if (ids.includes(id)) return;
      ids = [...ids, id].slice(-LIMIT);
      writeFileSync(path, JSON.stringify(ids), { mode: 0o600 });
    },
  };
}
