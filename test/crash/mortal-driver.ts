/** The driver, as a program that dies just before one of its messages to the X server; the one after it lives. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface MortalDriver {
  readonly path: string;
  /** Messages that the first one came to send, with the one before which it died. */
  readonly messages: () => number;
  remove(): void;
}

/** `nth` from 1; null: it lives. */
export function mortalDriver(nth: number | null): MortalDriver {
  const folder = mkdtempSync(join(tmpdir(), "swm-"));
  const [path, marks] = [join(folder, "driver.cjs"), join(folder, "marks")];
  writeFileSync(path, source(marks, nth));
  return {
    path,
    messages: () => (existsSync(marks) ? (readFileSync(marks, "utf8").split("\n")[0]?.length ?? 0) : 0),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One mark for each message, on the disk before it is sent; a line for each process. */
function source(marks: string, nth: number | null): string {
  return `
    const { appendFileSync, existsSync } = require("node:fs");
    const { Socket } = require("node:net");
    const { write } = Socket.prototype;
    let count = 0;
    const isFirst = !existsSync(${JSON.stringify(marks)});
    appendFileSync(${JSON.stringify(marks)}, isFirst ? "" : "\\n");
    Socket.prototype.write = function (...data) {
      count += 1;
      appendFileSync(${JSON.stringify(marks)}, ".");
      if (isFirst && count === ${nth}) process.kill(process.pid, "SIGKILL");
      return write.apply(this, data);
    };
    require(${JSON.stringify(resolve("dist/driver.cjs"))});
  `;
}
