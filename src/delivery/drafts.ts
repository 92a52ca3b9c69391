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

  /**
   * Removes drafts older than 30 days, but for those of messages that may still put them back. `unarchivedIds` is asked
   * only where there are old ones.
   */
  sweep(now: number, unarchivedIds: () => ReadonlySet<string>): void {
    const folder = folderInside(this.#root, PARTS);
    if (folder === null) return;
    const old = readdirSync(folder).filter((name) => isOld(join(folder, name), now));
    const kept = old.length === 0 ? new Set() : unarchivedIds();
    for (const name of old) if (!kept.has(messageOf(name))) rmSync(join(folder, name), { force: true });
  }
}

function isOld(path: string, now: number): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && now - stats.mtimeMs > KEPT_MS;
}

/** The id of the message in whose attempt it was saved. */
function messageOf(name: string): string {
  return name.replace(/-\d+\.txt$/, "");
}
