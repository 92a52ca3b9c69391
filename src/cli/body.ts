/** The body of a message: from the argument, a file, or standard input; checked before anything is queued. */
import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { checkedBody, removedText, tooLong } from "../library/checked-body.ts";
import { usageError } from "../library/failure.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import { isTerminal } from "./output.ts";
import type { Session } from "./session.ts";

export interface BodyRequest {
  /** The argument; `-` is standard input. */
  readonly text: string | undefined;
  /** Value of `--file`; `-` is standard input. */
  readonly file: string | undefined;
  /** Longest body in bytes. */
  readonly maxBytes: number;
}

const EMPTY_HINT = 'give a text: swarm send Agent-2 "…", or --file PATH, or pipe it in';

/** Says how much of it was removed. Throws SwarmError (2) when there is no body, or none that may be sent. */
export async function readBody(session: Session, { text, file, maxBytes }: BodyRequest): Promise<string> {
  if (text !== undefined && file !== undefined) {
    throw usageError("there is a text and a --file; nothing was queued", "give one of them");
  }
  const source = await readSource(text, file, maxBytes);
  const { body, removed } = checkedBody(source, maxBytes, EMPTY_HINT);
  if (removed > 0) session.warn(removedText(removed));
  return body;
}

async function readSource(
  text: string | undefined,
  file: string | undefined,
  maxBytes: number,
): Promise<string> {
  if (file !== undefined && file !== "-") return decoded(readFile(file, maxBytes), file);
  if (text !== undefined && text !== "-") return checkedArgument(text);
  if (text === undefined && file === undefined && isTerminal("stdin")) {
    throw usageError("there is no message; nothing was queued", EMPTY_HINT);
  }
  return decoded(await readStdin(maxBytes), "standard input");
}

/** More is read than may be sent, because line ends and control sequences that are removed do not count. */
function readLimit(maxBytes: number): number {
  return 2 * maxBytes + 65_536;
}

function readFile(path: string, maxBytes: number): Buffer {
  try {
    const fd = openSync(path, "r");
    try {
      return readWithin(fd, maxBytes, path);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw usageError(`${fileProblem(path, cause)}; nothing was queued`, "check the path given with --file");
  }
}

function fileProblem(path: string, cause: NodeJS.ErrnoException): string {
  if (hasCode(cause, "ENOENT")) return `there is no file ${path}`;
  if (hasCode(cause, "EISDIR")) return `${path} is a folder, not a file`;
  if (hasCode(cause, "EACCES", "EPERM")) return `you may not read ${path}`;
  return `${path} can't be read: ${cause.message}`;
}

/** In pieces, because a size is not to be believed (pipes, /dev/zero). */
function readWithin(fd: number, maxBytes: number, name: string): Buffer {
  const limit = readLimit(maxBytes);
  const parts: Buffer[] = [];
  for (let total = 0; ; ) {
    const part = Buffer.allocUnsafe(65_536);
    const count = readPart(fd, part);
    if (count === 0) return Buffer.concat(parts);
    total += count;
    if (total > limit) throw tooLong(`${name}: more than ${limit} bytes`, maxBytes);
    parts.push(part.subarray(0, count));
  }
}

/** How many bytes were read; 0 at the end, which Windows tells by an error. */
function readPart(fd: number, part: Buffer): number {
  try {
    return readSync(fd, part, 0, part.length, null);
  } catch (cause) {
    if (hasCode(cause, "EOF")) return 0;
    throw cause;
  }
}

async function readStdin(maxBytes: number): Promise<Buffer> {
  try {
    return readWithin(0, maxBytes, "standard input");
  } catch (cause) {
    // Nothing there yet, and the stream does not wait by itself: let node wait for it.
    if (!hasCode(cause, "EAGAIN")) {
      if (!isSystemError(cause)) throw cause;
      throw usageError(
        `standard input can't be read: ${cause.message}; nothing was queued`,
        "give the text as an argument, or with --file PATH",
      );
    }
  }
  const limit = readLimit(maxBytes);
  const parts: Buffer[] = [];
  let total = 0;
  for await (const part of process.stdin) {
    parts.push(Buffer.from(part));
    total += parts.at(-1)?.length ?? 0;
    if (total > limit) throw tooLong(`standard input: more than ${limit} bytes`, maxBytes);
  }
  return Buffer.concat(parts);
}

function decoded(bytes: Buffer, name: string): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw notUtf8(name);
}

/** Node has put U+FFFD where the argument's bytes were no UTF-8. Linux still knows the bytes. */
function checkedArgument(text: string): string {
  if (!text.includes("\ufffd") || process.platform !== "linux") return text;
  if (isUtf8(readFileSync("/proc/self/cmdline"))) return text;
  throw notUtf8("the text");
}

function notUtf8(name: string) {
  return usageError(
    `${name} is not UTF-8; nothing was queued`,
    "convert it, for example with iconv, and send it again",
  );
}
