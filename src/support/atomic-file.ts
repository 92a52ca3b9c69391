/** Whole files on disk: written in full or not at all, whatever the disk or a crash does. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { hasCode } from "./system-error.ts";

/** Bytes, text, or a long text in parts, so that it need not be in memory as a whole. */
export type Content = string | Uint8Array | Iterable<string>;

export interface AtomicWrite {
  /** True: the bytes and the folder entry are on disk when the call returns. False: atomic, but a power cut may undo it. */
  readonly isSynced: boolean;
  /** Permission bits; 0600 when not given. */
  readonly mode?: number;
  /** Name to write under before the rename, on the same file system. Default: beside `path`, named after the process. */
  readonly temporary?: string;
}

/**
 * Replaces `path` by this content in one step. Throws the system's error, having removed the temporary file; `path` is
 * then as before. (If only the folder sync fails, the new content is there, but may not outlive a power cut.)
 */
export function writeAtomically(path: string, content: Content, how: AtomicWrite): void {
  const temporary = how.temporary ?? `${path}.${process.pid}.tmp`;
  createWhole(temporary, content, { isSynced: how.isSynced, mode: how.mode ?? 0o600, flags: "w" });
  try {
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
  if (how.isSynced) syncFolder(dirname(path));
}

export interface WholeWrite {
  readonly isSynced: boolean;
  readonly mode: number;
  /** `wx` creates exclusively, `w` replaces what an earlier crash left, and never writes through a link that lies there. */
  readonly flags: "wx" | "w";
}

/**
 * Writes a file under its final name, in full. Throws the system's error and leaves no file behind: after a failed sync
 * neither the file nor its descriptor is to be believed, so a new attempt starts with a new file.
 */
export function createWhole(path: string, content: Content, how: WholeWrite): void {
  const fd = create(path, how);
  try {
    if (typeof content === "string" || content instanceof Uint8Array) writeWhole(fd, content);
    else for (const part of content) writeWhole(fd, part);
    if (how.isSynced) fsyncSync(fd);
  } catch (cause) {
    closeSync(fd);
    rmSync(path, { force: true });
    throw cause;
  }
  closeSync(fd);
}

/** A file that was not there before: with our rights, and where its name says. */
function create(path: string, { flags, mode }: WholeWrite): number {
  try {
    return openSync(path, "wx", mode);
  } catch (cause) {
    if (flags === "wx" || !hasCode(cause, "EEXIST")) throw cause;
  }
  rmSync(path, { recursive: true, force: true });
  return openSync(path, "wx", mode);
}

/** Writes every byte: a short write is carried on, and one that gets nowhere throws. */
export function writeWhole(fd: number, bytes: string | Uint8Array): void {
  const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  let offset = 0;
  while (offset < buffer.length) {
    const written = writeSync(fd, buffer, offset, buffer.length - offset);
    if (written === 0) throw new ShortWriteError(offset, buffer.length);
    offset += written;
  }
}

/** The system took no more bytes and gave no reason. Has a `code`, as the system's own errors have. */
class ShortWriteError extends Error {
  override readonly name = "ShortWriteError";
  readonly code = "EIO";

  constructor(written: number, wanted: number) {
    super(`EIO: only ${written} of ${wanted} bytes could be written`);
  }
}

/** Makes the names in a folder durable. Does nothing on Windows, where folders can't be synced. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
