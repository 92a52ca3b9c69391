/** Whether this process may still open files. */
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { hasCode } from "./system-error.ts";

/** True when `count` more can be opened: tried, as node does not tell the limit. */
export function hasSpareFiles(count: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync(devNull, "r"));
    return true;
  } catch (cause) {
    if (hasCode(cause, "EMFILE", "ENFILE")) return false;
    throw cause;
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}
