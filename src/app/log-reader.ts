/** The worker's log as entries: what is there, and what is added, across the change to a new file. */
import { closeSync, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "../support/regular-file.ts";
import { hasCode } from "../support/system-error.ts";

export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, string>>;
}

export class LogReader {
  readonly #path: string;
  #inode = 0;
  #offset = 0;
  /** A line whose end is not there yet. */
  #torn = "";

  constructor(root: string) {
    this.#path = join(root, "runtime", "worker.log");
  }

  /** The first time all that is kept, then what was added. Throws the system's error when it is there and can't be read. */
  readNew(): readonly LogEntry[] {
    const isFirst = this.#inode === 0;
    const [current, before] = [open(this.#path), open(`${this.#path}.1`)];
    try {
      const old = before !== null && (isFirst || before.inode === this.#inode) ? this.#read(before) : "";
      const isNew = current !== null && current.inode !== this.#inode;
      // A worker ends each line that it begins: what is torn at the end of a file stays so.
      if (isNew) [this.#inode, this.#offset] = [current.inode, 0];
      const added = old + (current === null ? "" : this.#read(current));
      const lines = (this.#torn + added).split("\n");
      this.#torn = lines.pop() ?? "";
      return lines.flatMap((line) => parseLogLine(line) ?? []);
    } finally {
      for (const file of [current, before]) if (file !== null) closeSync(file.fd);
    }
  }

  #read({ fd }: OpenLog): string {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(fd).size - this.#offset));
    const count = readSync(fd, bytes, 0, bytes.length, this.#offset);
    this.#offset += count;
    return bytes.toString("utf8", 0, count);
  }
}

interface OpenLog {
  readonly fd: number;
  readonly inode: number;
}

function open(path: string): OpenLog | null {
  try {
    const fd = openFile(path);
    return { fd, inode: fstatSync(fd).ino };
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return null;
    throw cause;
  }
}

const FIELD = /([^\s"=]+)=("(?:[^"\\]|\\.)*"|\S*)/g;

/** Null when the line is none of the log's. */
export function parseLogLine(line: string): LogEntry | null {
  const [, time = "", event = "", rest = ""] = /^(\S+Z) (\S+)(?: (.*))?$/.exec(line) ?? [];
  const at = Date.parse(time);
  if (event === "" || Number.isNaN(at)) return null;
  const fields = [...rest.matchAll(FIELD)].map(([, name = "", value = ""]) => [name, unquoted(value)]);
  return { at, event, fields: Object.fromEntries(fields) };
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
