/** Dead letters as the alerts see them: by the names in the queue, and a few files. */
import { statSync } from "node:fs";
import type { DeadLetter, DeadLetters } from "../ports/dead-letters.ts";
import { Folders } from "./folders.ts";
import { listFolder, listings } from "./locate.ts";
import { readMessage } from "./message-file.ts";
import { idIn } from "./message-name.ts";

/** Of so many dead letters that were accepted first: the one that failed first is among them, or failed little earlier. */
const OPENED = 20;

/** Throws the system's error where the queue can't be read. */
export function deadLettersOf(root: string): DeadLetters {
  const folders = new Folders(root);
  return {
    version() {
      const stats = statSync(folders.of("failed"), { throwIfNoEntry: false });
      return stats === undefined ? "none" : `${stats.ino}-${stats.mtimeMs}`;
    },
    longest: () => longestFailed(folders, listFolder(folders.of("failed"))),
    isAnyUndone: (ids) => isAnyUndone(folders, ids),
  };
}

/** `files`: names in the folder of dead letters. */
export function longestFailed(folders: Folders, files: readonly string[]): readonly DeadLetter[] {
  const first = files
    .filter((file) => idIn(file) !== null)
    .toSorted((a, b) => (acceptance(a) < acceptance(b) ? -1 : 1))
    .slice(0, OPENED);
  return first.flatMap((file) => {
    const reading = readMessage(folders.of("failed", file), file);
    if (reading.kind !== "message") return [];
    const { message, state } = reading.stored;
    return state.finishedAt === null ? [] : [{ id: message.id, failedAt: state.finishedAt }];
  });
}

/** Behind the digit of the priority. */
function acceptance(file: string): string {
  return file.slice(2, 47);
}

/** Dead letters first, and in the direction in which messages travel from there; twice, as deferred ones travel back. */
const TRAVEL = ["failed", "new", "active", "failed", "new", "active"] as const;

function isAnyUndone(folders: Folders, ids: readonly string[]): boolean {
  const asked = new Set(ids);
  return TRAVEL.some((folder) => {
    for (const { files } of listings(folders, folder))
      if (files.some((file) => asked.has(idIn(file) ?? ""))) return true;
    return false;
  });
}
