/**
 * A named pipe that the worker holds open for reading, and that nobody ever writes to: opening its other end tells
 * whether a worker runs, without loading any network code (which would be a tenth of a `send` that does not wait). The
 * kernel closes it with the process.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hasCode, isSystemError } from "../support/system-error.ts";

/** Holds the pipe until the returned function is called. Where that can't be (Windows), senders ask the socket. */
export function holdWorkerPipe(root: string): () => void {
  const path = pipePath(root);
  if (process.platform === "win32") return () => undefined;
  try {
    makePipe(path);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return () => closeSync(fd);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return () => undefined;
  }
}

/**
 * True: a worker runs, and looks into the queue after this moment, even when it is about to end. False: none does. Null:
 * it can't be told this way, only by its socket.
 */
export function isPipeHeld(root: string): boolean | null {
  try {
    // No link: another workspace's worker would be taken for this one's.
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);
    const fd = openSync(pipePath(root), flags);
    const isPipe = fstatSync(fd).isFIFO();
    closeSync(fd);
    return isPipe ? true : null;
  } catch (error) {
    return hasCode(error, "ENXIO") ? false : null;
  }
}

function pipePath(root: string): string {
  return join(root, "runtime", "queue", "worker.pipe");
}

function makePipe(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFIFO()) return;
  rmSync(path, { force: true, recursive: true });
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  spawnSync("mkfifo", ["-m", "600", path], { stdio: "ignore" });
}
