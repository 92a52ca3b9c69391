/**
 * Opens what must be a file of our own: no link is followed, as it may lead out of the workspace, and nothing is waited
 * for, as a pipe without a writer would stop the whole process.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { hasCode } from "./system-error.ts";

/** It is there, and is no file. Has a `code`, as the system's own errors have. */
class NotAFileError extends Error {
  override readonly name = "NotAFileError";
  readonly code: "ENOTFILE" | "EISDIR";
  readonly path: string;

  constructor(path: string, what: string) {
    super(`${path} is ${what}, and should be a file`);
    this.code = what === FOLDER ? "EISDIR" : "ENOTFILE";
    this.path = path;
  }
}

const FOLDER = "a folder";
// Neither exists on Windows.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/** The descriptor. `flags` as for `open(2)`; what is made has the rights 0600. Throws the system's error or NotAFileError. */
export function openFile(path: string, flags: number = constants.O_RDONLY): number {
  return opened(path, flags | NO_FOLLOW);
}

/** The bytes. Throws the system's error or NotAFileError. */
export function readFile(path: string): Buffer {
  return readAll(openFile(path));
}

/** The same of a file that its owner may have put elsewhere, behind a link. */
export function readFollowed(path: string): Buffer {
  return readAll(opened(path, constants.O_RDONLY));
}

function opened(path: string, flags: number): number {
  let fd: number;
  try {
    fd = openSync(path, flags | NO_WAIT, 0o600);
  } catch (cause) {
    // What the system says of a link, and of a pipe that nobody reads or a socket, would lead nobody to it.
    if (hasCode(cause, "ELOOP", "EMLINK")) throw new NotAFileError(path, "a symbolic link");
    if (hasCode(cause, "ENXIO")) throw new NotAFileError(path, "a pipe or socket");
    throw cause;
  }
  const stats = fstatSync(fd);
  if (stats.isFile()) return fd;
  closeSync(fd);
  throw new NotAFileError(path, stats.isDirectory() ? FOLDER : "something else");
}

function readAll(fd: number): Buffer {
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
