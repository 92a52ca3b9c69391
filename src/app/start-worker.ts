/** Starts a worker in the background, once, however many programs find that none runs. */
import { closeSync, constants, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../support/atomic-file.ts";
import { openFile, readFile } from "../support/regular-file.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import { swarmPath } from "./swarm-path.ts";

/** A start that has not come to a listening worker after so many milliseconds is given up. */
const START_MS = 10_000;

/**
 * Starts a worker unless somebody else is just doing so; does not wait for it. Throws the system's error when the
 * workspace can't be written.
 *
 * Who starts says so in a file with the process id of who is to become the worker. While that process lives, and the file
 * is young, nobody else starts one. The worker removes the file when it listens.
 */
export function startWorker(root: string, env?: NodeJS.ProcessEnv): void {
  mkdirSync(join(root, "runtime", "queue"), { recursive: true, mode: 0o700 });
  const note = startNote(root);
  if (isBeingStarted(note)) return;
  rmSync(note, { force: true, recursive: true });
  try {
    writeFileSync(note, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (hasCode(error, "EEXIST")) return; // another was faster
    throw error;
  }
  const pid = spawnWorker(root, env);
  if (pid === undefined) rmSync(note, { force: true });
  else noteDown(note, pid);
}

/** The worker listens: whoever finds none from now on may start one. */
export function workerHasStarted(root: string): void {
  rmSync(startNote(root), { force: true, recursive: true });
}

function startNote(root: string): string {
  return join(root, "runtime", "queue", "worker.starting");
}

/** Only in the note that is there: a worker that was faster has removed it already. */
function noteDown(note: string, pid: number): void {
  let fd: number;
  try {
    fd = openFile(note, constants.O_WRONLY | constants.O_TRUNC);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  try {
    writeWhole(fd, `${pid}\n`);
  } finally {
    closeSync(fd);
  }
}

function isBeingStarted(note: string): boolean {
  try {
    // One of this very millisecond looks as if it came from the future, where the file system's clock is the finer one.
    const ageMs = Math.abs(Date.now() - lstatSync(note).mtimeMs);
    return ageMs < START_MS && isAlive(Number(readFile(note).toString("utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTFILE", "EISDIR")) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true; // not written yet
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/** Its process id, or undefined when the system has no room for it. */
function spawnWorker(root: string, env: NodeJS.ProcessEnv = process.env): number | undefined {
  const log = openLog(join(root, "runtime", "worker.log"));
  try {
    const { spawn } = process.getBuiltinModule("node:child_process");
    const child = spawn(process.execPath, [swarmPath(), "worker", "--background", "--root", root], {
      cwd: root,
      env,
      detached: true,
      stdio: ["ignore", "ignore", log ?? "ignore"],
      windowsHide: true,
    });
    child.on("error", () => undefined); // seen as a missing process id
    child.unref();
    return child.pid;
  } finally {
    if (log !== null) closeSync(log);
  }
}

/** What a worker says when it ends by a bug goes there. Null: it delivers all the same where that can't be opened. */
function openLog(path: string): number | null {
  try {
    return openFile(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  } catch (error) {
    if (!hasCode(error, "ENOTFILE", "EISDIR") && !isSystemError(error)) throw error;
    return null;
  }
}
