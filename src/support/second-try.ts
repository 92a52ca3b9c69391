/** For reading on a disk that fails now and then. */
import { isSystemError } from "./system-error.ts";

/** What `read` gives, asked once more where the system failed: one failure alone does not make a file a damaged one. */
export function secondTry<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isSystemError(cause) || cause.code === "ENOENT") throw cause;
    return read();
  }
}
