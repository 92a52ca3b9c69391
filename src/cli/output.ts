/** Writing to the terminal or the pipe: whole texts, at once, also when the reader is slow or gone. */
import { fstatSync, writeSync } from "node:fs";
import { standStill } from "../support/stand-still.ts";
import { hasCode } from "../support/system-error.ts";

const STDOUT = 1;
const STDERR = 2;

/** Nobody reads these any more: what would be written is dropped, and the command ends as it would have. */
const closed = new Set<number>();

/** Results. Throws the system's error where they can't be written (a full disk). */
export function writeOut(text: string): void {
  write(STDOUT, text);
}

/** Everything else. Where this can't be written there is nowhere left to say so. */
export function writeErr(text: string): void {
  write(STDERR, text);
}

function write(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length && !closed.has(fd); ) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (cause) {
      // A pipe that is full and does not wait by itself.
      if (hasCode(cause, "EAGAIN")) standStill(2);
      // The reader ended (`swarm status | head -1`), or the stream was closed from the start (`>&-`).
      else if (fd === STDERR || hasCode(cause, "EPIPE", "EBADF")) closed.add(fd);
      else throw cause;
    }
  }
}

export function isTerminal(stream: "stdin" | "stdout" | "stderr"): boolean {
  const fd = { stdin: 0, stdout: STDOUT, stderr: STDERR }[stream];
  try {
    // Most often it is none, and then the module that knows terminals need not be loaded.
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(fd);
  } catch (cause) {
    if (hasCode(cause, "EBADF")) return false;
    throw cause;
  }
}

const USUAL_COLUMNS = 80;

/** Width of the terminal in characters; 80 where there is none, or one that does not know its own (0). */
export function terminalWidth(stream: "stdout" | "stderr" = "stdout"): number {
  return (isTerminal(stream) && process[stream].columns) || USUAL_COLUMNS;
}

const USUAL_ROWS = 40;

/** Height of the terminal in lines; 40 where there is none. */
export function terminalHeight(): number {
  return (isTerminal("stdout") && process.stdout.rows) || USUAL_ROWS;
}
