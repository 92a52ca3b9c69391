/** A folder in which a sync costs nothing: for tests that write much, and are not about disks. */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const IN_MEMORY = "/dev/shm";

/** Its parent; the folder for temporary files where memory can't be used as a disk. */
export function memoryParent(): string {
  return existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir();
}

/** A fresh one. Whoever made it removes it. */
export function memoryFolder(prefix: string): string {
  return mkdtempSync(join(memoryParent(), prefix));
}
