/** Drafts of persons, on disk before anything replaces them, until long after they were put back. */
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createWhole, syncFolder } from "../support/atomic-file.ts";
import { folderInside, inFolderInside } from "../support/folder-inside.ts";
import { readFile } from "../support/regular-file.ts";
import { hasCode } from "../support/system-error.ts";

const PARTS = ["runtime", "drafts"] as const;
const FOLDER = PARTS.join("/");
/** Nothing else is read: what a message's file says of its draft may have been written by anybody. */
const NAME = /^msg_\w+-\d+\.txt$/;
const KEPT_MS = 30 * 24 * 3_600_000;

export class Drafts {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Saves a draft found while this message was delivered; on disk when it returns. Throws the system's error. */
  save(messageId: string, text: string): string {
    return inFolderInside(this.#root, PARTS, (folder) => {
      for (let number = 1; ; number += 1) {
        const name = `${messageId}-${number}.txt`;
        try {
          createWhole(join(folder, name), text, { isSynced: true, mode: 0o600, flags: "wx" });
          // The folder's own name too: it may be the first draft of this workspace.
          for (const path of [folder, `${folder}/..`]) syncFolder(path);
          return `${FOLDER}/${name}`;
        } catch (error) {
          if (!hasCode(error, "EEXIST")) throw error;
        }
      }
    });
  }

  /** The text of a draft saved at `file` (relative to the workspace root), or null when it can't be read. */
  read(file: string): string | null {
    try {
      const folder = folderInside(this.#root, PARTS);
      const name = file.startsWith(`${FOLDER}/`) ? file.slice(FOLDER.length + 1) : "";
      return folder !== null && NAME.test(name) ? readFile(join(folder, name)).toString("utf8") : null;
    } catch {
      return null;
    }
  }

  /** Removes drafts older than 30 days. */
  sweep(now: number): void {
    const folder = folderInside(this.#root, PARTS);
    if (folder === null) return;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats?.isFile() && now - stats.mtimeMs > KEPT_MS) rmSync(path, { force: true });
    }
  }
}
