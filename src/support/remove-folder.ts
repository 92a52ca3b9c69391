/** Removes a folder with all that is in it, also while programs that are about to end still write there. */
import { rmSync } from "node:fs";
import { standStill } from "./stand-still.ts";
import { hasCode } from "./system-error.ts";

const TRIES = 100;
const PAUSE_MS = 20;

/**
 * Does not return before it is gone: nothing else goes on meanwhile. Throws the system's error, after 2 s where somebody
 * writes on.
 *
 * `maxRetries` of `rmSync` is no help: it lists each folder once, and then only repeats the `rmdir`. What came in between
 * makes it fail however long it waits (Node 20).
 */
export function removeFolder(folder: string): void {
  for (let triesLeft = TRIES; ; triesLeft--) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (triesLeft === 0 || !hasCode(error, "ENOTEMPTY", "EEXIST", "EBUSY")) throw error;
    }
    standStill(PAUSE_MS);
  }
}
