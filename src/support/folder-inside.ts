/** Folders below a root, made where they are missing, and never reached through a link that leads out of it. */
import { closeSync, constants, mkdirSync, openSync, readlinkSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { syncFolder } from "./atomic-file.ts";
import { hasCode } from "./system-error.ts";

/** Has a `code`, as the system's own errors have. */
class OutsideError extends Error {
  override readonly name = "OutsideError";
  readonly code = "EOUTSIDE";
}

/** The folder's path without links. Missing parts are made (0700). Throws the system's error or OutsideError. */
export function makeFolderInside(root: string, parts: readonly string[]): string {
  const realRoot = realpathSync.native(root);
  try {
    return inside(realRoot, join(realRoot, ...parts));
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  return parts.reduce((folder, part) => makeInside(realRoot, folder, part), realRoot);
}

/** The same without making anything: null where a part is missing. */
export function folderInside(root: string, parts: readonly string[]): string | null {
  try {
    const realRoot = realpathSync.native(root);
    return inside(realRoot, join(realRoot, ...parts));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

/**
 * Calls `use` with a path to the folder that stays the same folder, whatever somebody puts in its place meanwhile; on
 * systems that tell where an open folder lies, else with the path that was looked at. Throws as `makeFolderInside` does.
 */
export function inFolderInside<T>(root: string, parts: readonly string[], use: (folder: string) => T): T {
  const path = makeFolderInside(root, parts);
  if (process.platform !== "linux") return use(path);
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const held = `/proc/self/fd/${fd}`;
    const real = placeOf(held);
    if (real === null) return use(path);
    return use(checked(realpathSync.native(root), real) && held);
  } finally {
    closeSync(fd);
  }
}

/** Null where `/proc` is not there. */
function placeOf(held: string): string | null {
  try {
    return readlinkSync(held);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function makeInside(realRoot: string, parent: string, part: string): string {
  const folder = join(parent, part);
  try {
    mkdirSync(folder, { mode: 0o700 });
    syncFolder(parent);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  return inside(realRoot, folder);
}

function inside(realRoot: string, folder: string): string {
  return checked(realRoot, realpathSync.native(folder));
}

function checked(realRoot: string, real: string): string {
  if (real.startsWith(realRoot + sep)) return real;
  throw new OutsideError(`it leads out of the workspace, to ${real}`);
}
