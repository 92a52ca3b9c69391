/** Removes what nobody needs any more: files of processes that died, reserved ranges of ids, keys, acknowledgements. */
import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { KEY_MS, lockKeys } from "./keys.ts";
import { listFolder } from "./locate.ts";
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
  removeOlder(folders.of("acks"), now - archiveMs, () => true);
  const lock = lockKeys(folders, 0);
  if (lock) removeOlder(folders.of("keys"), now - KEY_MS - ABANDONED_MS, () => true);
  lock?.release();
}

function removeOlder(folder: string, before: number, isOurs: (name: string) => boolean): void {
  for (const name of listFolder(folder).filter(isOurs)) {
    const path = join(folder, name);
    try {
      if (lstatSync(path).mtimeMs < before) rmSync(path, { recursive: true, force: true });
    } catch (cause) {
      // Gone meanwhile, or not ours to remove: the next sweep looks again.
      if (!isSystemError(cause)) throw cause;
    }
  }
}
