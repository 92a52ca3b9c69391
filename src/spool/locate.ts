/** Where a message's file lies. */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../support/system-error.ts";
import type { Folders, QueueFolder } from "./folders.ts";
import { idIn, isBroadcastFolder } from "./message-name.ts";

export interface Location {
  readonly folder: QueueFolder;
  /** Path of the folder that holds the file: for `new` it may be that of a broadcast. */
  readonly directory: string;
  readonly file: string;
}

export function pathOf(location: Location): string {
  return join(location.directory, location.file);
}

/** In the direction in which messages travel, so that one that moves meanwhile is met in the next folder. */
const TRAVEL: readonly QueueFolder[] = ["new", "active", "done", "failed", "unconfirmed"];

/** Null when no folder of the spool holds it. Looks twice: deferred and retried messages travel back. */
export function locate(folders: Folders, id: string): Location | null {
  return locateIn(folders, id, TRAVEL) ?? locateIn(folders, id, TRAVEL);
}

export function locateIn(folders: Folders, id: string, where: readonly QueueFolder[]): Location | null {
  for (const folder of where) {
    for (const { directory, files } of listings(folders, folder)) {
      const file = files.find((name) => idIn(name) === id);
      if (file !== undefined) return { folder, directory, file };
    }
  }
  return null;
}

/** The ids of all messages in the spool, by the names of their files. */
export function spoolIds(folders: Folders): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const folder of TRAVEL)
    for (const { files } of listings(folders, folder))
      for (const file of files) {
        const id = idIn(file);
        if (id !== null) ids.add(id);
      }
  return ids;
}

/** The same, read twice: whoever is queued again meanwhile travels back, and must not be missed. */
export function unarchivedIds(folders: Folders): ReadonlySet<string> {
  return new Set([...spoolIds(folders), ...spoolIds(folders)]);
}

export interface Listing {
  readonly directory: string;
  readonly files: readonly string[];
}

/** What lies in a folder; `new` is followed by the folders of broadcasts in it. Each is read when its turn comes. */
export function* listings(folders: Folders, folder: QueueFolder): Iterable<Listing> {
  const top = folders.of(folder);
  const names = listFolder(top);
  const broadcasts = folder === "new" ? names.filter(isBroadcastFolder) : [];
  yield {
    directory: top,
    files: broadcasts.length === 0 ? names : names.filter((name) => !isBroadcastFolder(name)),
  };
  for (const name of broadcasts) yield listingOf(join(top, name));
}

/** Nothing lies in what is no folder: a link may lead out of the workspace. */
function listingOf(directory: string): Listing {
  const isFolder = lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
  return { directory, files: isFolder ? listFolder(directory) : [] };
}

/** Names in a folder but for those that begin with a dot; none when there is no such folder. Throws the system's other errors. */
export function listFolder(path: string): readonly string[] {
  try {
    const names = readdirSync(path);
    return names.some((name) => name.startsWith(".")) ? names.filter((name) => !name.startsWith(".")) : names;
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "ENOTDIR")) return [];
    throw cause;
  }
}
