/** Files that can't be understood are set aside with the reason, never deleted, and never stop the rest. */
import { existsSync, lstatSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { isSystemError } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { listFolder } from "./locate.ts";

const REASON = ".reason.txt";

/** Moves `path` to `bad/`, under `name`. What was moved before under that name stays. False when it could not be moved. */
export function park(folders: Folders, path: string, reason: string, name = basename(path)): boolean {
  const target = freeName(folders, name);
  try {
    // The reason first: a crash in between leaves a reason without a file rather than the reverse.
    writeReason(`${target}${REASON}`, `${path}\n${reason}\n`);
    renameSync(path, target);
    return true;
  } catch (cause) {
    if (isSystemError(cause)) return false;
    throw cause;
  }
}

function freeName(folders: Folders, name: string): string {
  const first = folders.of("bad", name.slice(0, 200));
  for (let count = 0; ; count += 1) {
    const target = count === 0 ? first : `${first}.${count}`;
    if (!lstatSync(target, { throwIfNoEntry: false })) return target;
  }
}

function writeReason(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
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
  if (!existsSync(`${path}${REASON}`)) return "no reason was recorded";
  return readFileSync(`${path}${REASON}`, "utf8").split("\n").slice(1).join("\n").trim();
}
