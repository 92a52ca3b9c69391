/** Looking into big files of lines without parsing, or even decoding, what is not asked for. */
import { closeSync, fstatSync, readSync } from "node:fs";
import { openFile } from "./regular-file.ts";
import { hasCode } from "./system-error.ts";

const NEWLINE = 0x0a;
const ZERO = 0x00;
const CHUNK = 1 << 20;

/** The last whole line that begins with `prefix`, or null. Searches from the end, where the newest lines are. */
export function findLastLine(path: string, prefix: string): string | null {
  return withFile(path, null, (fd, size) => {
    const wanted = Buffer.from(prefix);
    const buffer = Buffer.allocUnsafe(CHUNK + wanted.length);
    for (let end = size; end > 0; end -= CHUNK) {
      const start = Math.max(0, end - CHUNK);
      // A little more than the chunk, for a prefix that lies across its end.
      const chunk = readAt(fd, buffer, start, Math.min(size - start, end - start + wanted.length));
      for (
        let at = chunk.lastIndexOf(wanted);
        at !== -1;
        at = at === 0 ? -1 : chunk.lastIndexOf(wanted, at - 1)
      ) {
        const line = isLineStart(fd, start + at) ? readLine(fd, start + at, size) : null;
        if (line !== null) return line;
      }
    }
    return null;
  });
}

export interface LineHead {
  /** The first bytes of the line as text; the whole line when it is short. */
  readonly head: string;
  /** Where the line begins, in bytes. */
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
}

/** Calls `onLine` for each whole line from byte `from` on, up to a zero byte (see line-log.ts); returns where they end. */
export function eachLineHead(
  path: string,
  from: number,
  headBytes: number,
  onLine: (line: LineHead) => void,
): number {
  return withFile(path, 0, (fd, size) => {
    let start = Math.min(from, size);
    forEachNewline(fd, start, size, (newline) => {
      onLine({ head: readHead(fd, start, newline, headBytes), start, end: newline + 1 });
      start = newline + 1;
    });
    return start;
  });
}

/** The heads of the last whole lines, newest first: at most `maxLines`, looking at no more than `maxBytes` of the file. */
export function lastLineHeads(
  path: string,
  headBytes: number,
  limits: { readonly maxLines: number; readonly maxBytes: number },
): readonly LineHead[] {
  return withFile(path, [], (fd, size) => {
    const floor = Math.max(0, size - limits.maxBytes);
    const newlines: number[] = [];
    forEachNewlineBackwards(fd, floor, size, (newline) => newlines.push(newline) <= limits.maxLines);
    if (floor === 0) newlines.push(-1);
    return newlines.slice(1, limits.maxLines + 1).map((before, index) => {
      const end = (newlines[index] ?? 0) + 1;
      return { head: readHead(fd, before + 1, end - 1, headBytes), start: before + 1, end };
    });
  });
}

/** The text of a line that was found before. */
export function readLineAt(path: string, { start, end }: Pick<LineHead, "start" | "end">): string {
  return withFile(path, "", (fd) => readText(fd, start, end - 1));
}

function withFile<T>(path: string, ifMissing: T, use: (fd: number, size: number) => T): T {
  let fd: number;
  try {
    fd = openFile(path);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return ifMissing;
    throw cause;
  }
  try {
    return use(fd, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

/** Ends at the first zero byte. */
function forEachNewline(fd: number, from: number, size: number, onNewline: (at: number) => void): void {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let start = from; start < size; start += CHUNK) {
    const read = readAt(fd, buffer, start, Math.min(CHUNK, size - start));
    const zeroAt = read.indexOf(ZERO);
    const chunk = zeroAt === -1 ? read : read.subarray(0, zeroAt);
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1))
      onNewline(start + at);
    if (zeroAt !== -1) return;
  }
}

/** Ends when `onNewline` says false. */
function forEachNewlineBackwards(
  fd: number,
  floor: number,
  size: number,
  onNewline: (at: number) => boolean,
): void {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let end = size; end > floor; end -= CHUNK) {
    const start = Math.max(floor, end - CHUNK);
    const chunk = readAt(fd, buffer, start, end - start);
    for (
      let at = chunk.lastIndexOf(NEWLINE);
      at !== -1;
      at = at === 0 ? -1 : chunk.lastIndexOf(NEWLINE, at - 1)
    )
      if (!onNewline(start + at)) return;
  }
}

function isLineStart(fd: number, at: number): boolean {
  return at === 0 || readAt(fd, Buffer.allocUnsafe(1), at - 1, 1)[0] === NEWLINE;
}

/** The line that begins at `start`; null when it has no end (torn). */
function readLine(fd: number, start: number, size: number): string | null {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let at = start; at < size; at += CHUNK) {
    const newline = readAt(fd, buffer, at, Math.min(CHUNK, size - at)).indexOf(NEWLINE);
    if (newline !== -1) return readText(fd, start, at + newline);
  }
  return null;
}

function readHead(fd: number, start: number, end: number, headBytes: number): string {
  return readText(fd, start, Math.min(end, start + headBytes));
}

function readText(fd: number, start: number, end: number): string {
  return readAt(fd, Buffer.allocUnsafe(end - start), start, end - start).toString("utf8");
}

function readAt(fd: number, buffer: Buffer, position: number, length: number): Buffer {
  let got = 0;
  while (got < length) {
    const count = readSync(fd, buffer, got, length - got, position + got);
    if (count === 0) break;
    got += count;
  }
  return buffer.subarray(0, got);
}
