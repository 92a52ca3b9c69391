/** Removes what nobody needs any more: files of processes that died, reserved ranges of ids, keys, acknowledgements. */
import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "../support/system-error.ts";
import { archivedMonths, monthOf, monthOfId } from "./archive-totals.ts";
import type { Folders } from "./folders.ts";
import { KEY_MS, lockKeys } from "./keys.ts";
import { listFolder, unarchivedIds } from "./locate.ts";
import { isBroadcastFolder, parseName } from "./message-name.ts";

/** A sender writes its file in milliseconds; one that was stopped for longer finds its file gone and says so. */
const ABANDONED_MS = 60 * 60 * 1000;
/** How far a clock may be set back before the second of a reserved id could come again. */
const ID_RANGE_MS = 24 * 60 * 60 * 1000;

export function sweep(folders: Folders, now: number, archiveMs: number): void {
  // Files of other programs in `tmp` are theirs: only what bears our names goes.
  removeOlder(
    folders.of("tmp"),
    now - ABANDONED_MS,
    (name) => isBroadcastFolder(name) || parseName(name) !== null,
  );
  // What a worker that died was about to put in the place of the tracker, of totals, of what it had learned.
  for (const folder of [folders.runtime, folders.archive])
    removeOlder(folder, now - ABANDONED_MS, (name) => name.endsWith(".tmp"));
  removeOlder(folders.of("ids"), now - ID_RANGE_MS, () => true);
  removeOlder(folders.of("acks"), now - archiveMs, unfindable(folders));
  const lock = lockKeys(folders, 0);
  if (lock) removeOlder(folders.of("keys"), now - KEY_MS - ABANDONED_MS, () => true);
  lock?.release();
}

/**
 * True for an acknowledgement whose message is gone: it is not in the spool, nor in an archive of the months from its
 * acceptance to its acknowledgement. (What is archived after that takes the acknowledgement in.)
 */
function unfindable(folders: Folders): IsRemoved {
  let found: { readonly ids: ReadonlySet<string>; readonly months: readonly string[] } | null = null;
  return (name, changedAt) => {
    // The spool first: what leaves it meanwhile is in the archive then.
    found ??= { ids: unarchivedIds(folders), months: archivedMonths(folders) };
    const id = name.slice(0, -ACK_ENDING.length);
    if (found.ids.has(id)) return false;
    const [from, to] = [monthOfId(id), monthOf(changedAt)];
    return !found.months.some((month) => month >= from && month <= to);
  };
}

const ACK_ENDING = ".json";

/** Asked of what is old enough. */
type IsRemoved = (name: string, changedAt: number) => boolean;

function removeOlder(folder: string, before: number, isRemoved: IsRemoved): void {
  for (const name of listFolder(folder)) {
    const path = join(folder, name);
    try {
      const { mtimeMs } = lstatSync(path);
      if (mtimeMs < before && isRemoved(name, mtimeMs)) rmSync(path, { recursive: true, force: true });
    } catch (cause) {
      // Gone meanwhile, or not ours to remove: the next sweep looks again.
      if (!isSystemError(cause)) throw cause;
    }
  }
}
