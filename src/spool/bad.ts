/** Files that can't be understood are set aside with the reason, never deleted, and never stop the rest. */
import { lstatSync, renameSync } from "node:fs";
import { basename } from "node:path";
import { createWhole } from "../support/atomic-file.ts";
import { rawPath } from "../support/raw-path.ts";
import { readFile } from "../support/regular-file.ts";
import { isSystemError } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { listFolder } from "./locate.ts";

const REASON = ".reason.txt";
/** Of a name that is kept, so that a number and the reason's ending still fit behind it. In bytes. */
const MAX_NAME = 200;

/** Moves `path` to `bad/`, under `name`. What was moved before under that name stays. False when it could not be moved. */
export function park(folders: Folders, path: string, reason: string, name = basename(path)): boolean {
  const target = freeName(folders, name);
  try {
    // The reason first: a crash in between leaves a reason without a file rather than the reverse.
    writeReason(`${target}${REASON}`, `${path}\n${reason}\n`);
    renameSync(rawPath(path), target);
    return true;
  } catch (cause) {
    if (isSystemError(cause)) return false;
    throw cause;
  }
}

function freeName(folders: Folders, name: string): string {
  const first = folders.of("bad", beginning(name));
  for (let count = 0; ; count += 1) {
    const target = count === 0 ? first : `${first}.${count}`;
    if (!lstatSync(target, { throwIfNoEntry: false })) return target;
  }
}

function beginning(name: string): string {
  let kept = name.slice(0, MAX_NAME);
  while (Buffer.byteLength(kept) > MAX_NAME) kept = kept.slice(0, -1);
  return kept;
}

function writeReason(path: string, text: string): void {
  try {
    createWhole(path, text, { isSynced: false, mode: 0o600, flags: "w" });
  } catch (cause) {
    // A full disk: setting the file aside matters more than saying why.
    if (!isSystemError(cause)) throw cause;
  }
}

export interface BadFile {
  readonly file: string;
  readonly reason: string;
}

/** What lies in `bad/`, with the reasons; at most `limit`, the rest is counted by `total`. */
export function badFiles(
  folders: Folders,
  limit: number,
): { readonly files: readonly BadFile[]; readonly total: number } {
  const names = listFolder(folders.of("bad")).filter((name) => !name.endsWith(REASON));
  return {
    files: names.slice(0, limit).map((file) => ({ file, reason: reasonOf(folders.of("bad", file)) })),
    total: names.length,
  };
}

function reasonOf(path: string): string {
  try {
    return readFile(`${path}${REASON}`).toString("utf8").split("\n").slice(1).join("\n").trim();
  } catch (cause) {
    if (isSystemError(cause)) return "no reason was recorded";
    throw cause;
  }
}
