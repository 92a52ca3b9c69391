/** Drafts of persons, on disk before anything replaces them, until long after they were put back. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createWhole, syncFolder } from "../support/atomic-file.ts";
import { hasCode } from "../support/system-error.ts";

const FOLDER = "runtime/drafts";
const KEPT_MS = 30 * 24 * 3_600_000;

export class Drafts {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Saves a draft found while this message was delivered; on disk when it returns. Throws the system's error. */
  save(messageId: string, text: string): string {
    const folder = join(this.#root, FOLDER);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let number = 1; ; number += 1) {
      const file = `${FOLDER}/${messageId}-${number}.txt`;
      try {
        createWhole(join(this.#root, file), text, { isSynced: true, mode: 0o600, flags: "wx" });
        syncFolder(folder);
        return file;
      } catch (error) {
        if (!hasCode(error, "EEXIST")) throw error;
      }
    }
  }

  /** The text of a draft saved at `file` (relative to the workspace root), or null when it can't be read. */
  read(file: string): string | null {
    try {
      return file.startsWith(`${FOLDER}/`) ? readFileSync(join(this.#root, file), "utf8") : null;
    } catch {
      return null;
    }
  }

  /** Removes drafts older than 30 days. */
  sweep(now: number): void {
    const folder = join(this.#root, FOLDER);
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
      if (now - changedAt > KEPT_MS) rmSync(path, { force: true });
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
