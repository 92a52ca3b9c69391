/** The driver, as a program that dies just before one of its messages to the X server. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface MortalDriver {
  readonly path: string;
  /** Messages that it came to send, with the one before which it died. */
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
    messages: () => (existsSync(marks) ? statSync(marks).size : 0),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One mark for each message, on the disk before it is sent. */
function source(marks: string, nth: number | null): string {
  return `
    const { appendFileSync } = require("node:fs");
    const { Socket } = require("node:net");
    const { write } = Socket.prototype;
    let count = 0;
    Socket.prototype.write = function (...data) {
      count += 1;
      appendFileSync(${JSON.stringify(marks)}, ".");
      if (count === ${nth}) process.kill(process.pid, "SIGKILL");
      return write.apply(this, data);
    };
    require(${JSON.stringify(resolve("dist/driver.cjs"))});
  `;
}
