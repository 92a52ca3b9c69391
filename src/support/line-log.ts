/**
 * Files of lines that only grow: whole lines count, a torn last one does not. After a power cut zeros may stand where
 * bytes never came to the disk, also in front of others that did: from the first zero on nothing was synced, and
 * nothing counts. (The lines are JSON, which holds no zero byte.)
 */
import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync } from "node:fs";
import { writeWhole } from "./atomic-file.ts";
import { openFile } from "./regular-file.ts";

const NEWLINE = 0x0a;
const ZERO = 0x00;

export interface WholeLines {
  /** Without their line ends. */
  readonly lines: readonly string[];
  /** Length up to and with the last line end that counts; what follows was torn off by a crash or a full disk. */
  readonly wholeBytes: number;
}

/** The whole lines of a file's bytes. Bytes that are not UTF-8 become U+FFFD. */
export function wholeLines(bytes: Buffer): WholeLines {
  const zeroAt = bytes.indexOf(ZERO);
  const wholeBytes = (zeroAt === -1 ? bytes : bytes.subarray(0, zeroAt)).lastIndexOf(NEWLINE) + 1;
  if (wholeBytes === 0) return { lines: [], wholeBytes };
  return { lines: bytes.toString("utf8", 0, wholeBytes - 1).split("\n"), wholeBytes };
}

export interface Append {
  /** Length of the whole lines that are there; a torn tail behind them is cut off first. */
  readonly wholeBytes: number;
  /** True: on disk when the call returns. */
  readonly isSynced: boolean;
}

/**
 * Appends text that ends with a line end, and returns the new length. The file must exist. Throws the system's error;
 * what was written of the text is then cut off again, or by the next append where the disk refuses even that.
 */
export function appendWhole(path: string, text: string, how: Append): number {
  const bytes = Buffer.from(text);
  // Not the flag "a": it would bring back a file that was removed or moved meanwhile.
  const fd = openFile(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    if (fstatSync(fd).size !== how.wholeBytes) ftruncateSync(fd, how.wholeBytes);
    writeWhole(fd, bytes);
    if (how.isSynced) fdatasyncSync(fd);
  } catch (cause) {
    cutOff(fd, how.wholeBytes);
    throw cause;
  } finally {
    closeSync(fd);
  }
  return how.wholeBytes + bytes.length;
}

function cutOff(fd: number, wholeBytes: number): void {
  try {
    ftruncateSync(fd, wholeBytes);
  } catch {
    // The torn line is dropped by the next reader, and cut off by the next append.
  }
}
