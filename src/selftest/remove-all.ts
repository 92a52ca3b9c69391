/** Ends what still runs of a selftest, and removes its folder. */
import { removeFolder } from "../support/remove-folder.ts";
import { standStill } from "../support/stand-still.ts";
import { kill, ownProcesses } from "./own-processes.ts";

const TRIES = 100;
const PAUSE_MS = 20;

/** Does not return before it is done: nothing else goes on meanwhile. */
export function removeAll(folder: string): void {
  for (let tries = 0; tries < TRIES; tries++) {
    const running = ownProcesses(folder);
    for (const { pid } of running) kill(pid, "SIGKILL");
    if (running.length === 0) break;
    standStill(PAUSE_MS);
  }
  removeFolder(folder);
}
