/** Removes what nobody needs any more: files of senders that died, reserved ranges of ids, keys, acknowledgements. */
import { rmSync, statSync } from "node:fs";
import { isSystemError } from "../support/system-error.ts";
import type { Folders, QueueFolder } from "./folders.ts";
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
    folders,
    "tmp",
    now - ABANDONED_MS,
    (name) => isBroadcastFolder(name) || parseName(name) !== null,
  );
  removeOlder(folders, "ids", now - ID_RANGE_MS, () => true);
  removeOlder(folders, "acks", now - archiveMs, () => true);
  const lock = lockKeys(folders, 0);
  if (lock) removeOlder(folders, "keys", now - KEY_MS - ABANDONED_MS, () => true);
  lock?.release();
}

function removeOlder(
  folders: Folders,
  folder: QueueFolder,
  before: number,
  isOurs: (name: string) => boolean,
): void {
  for (const name of listFolder(folders.of(folder)).filter(isOurs)) {
    const path = folders.of(folder, name);
    try {
      if (statSync(path).mtimeMs < before) rmSync(path, { recursive: true, force: true });
    } catch (cause) {
      // Gone meanwhile, or not ours to remove: the next sweep looks again.
      if (!isSystemError(cause)) throw cause;
    }
  }
}
