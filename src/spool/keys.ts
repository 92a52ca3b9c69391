/** Deduplication keys: which message a key stands for, per recipient, for a day. Read and written under the key lock. */

import { renameSync, rmSync, statSync } from "node:fs";
import { createWhole, syncFolder } from "../support/atomic-file.ts";
import { type KernelLock, lockWithin } from "../support/kernel-lock.ts";
import { readFile } from "../support/regular-file.ts";
import { sha256 } from "../support/sha256.ts";
import { hasCode, isSystemError } from "../support/system-error.ts";
import type { Folders } from "./folders.ts";
import { parseJson } from "./message-file.ts";

/** How long a key stands for its first message. */
export const KEY_MS = 24 * 60 * 60 * 1000;

export interface KeyEntry {
  readonly id: string;
  /** Of the body. */
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One lock for all keys of a workspace: it is held for a few milliseconds, and dies with its process. */
export function lockKeys(folders: Folders, waitMs: number): KernelLock | null {
  const { dev, ino } = statSync(folders.of("keys"), { bigint: true });
  return lockWithin(`swarm-keys-${dev}-${ino}`, waitMs);
}

/** The entry, or null when there is none or it can't be read. It counts only while its message exists. */
export function readKey(folders: Folders, recipient: string, key: string): KeyEntry | null {
  return readEntry(keyFile(folders, recipient, key));
}

/** Puts an entry in place, its bytes synced; `syncFolder(keys)` makes its name durable too. Throws the system's error. */
export function writeKey(folders: Folders, recipient: string, key: string, entry: KeyEntry): void {
  const path = keyFile(folders, recipient, key);
  createWhole(`${path}.tmp`, `${JSON.stringify(entry)}\n`, { isSynced: true, mode: 0o600, flags: "w" });
  renameSync(`${path}.tmp`, path);
}

export function syncKeys(folders: Folders): void {
  syncFolder(folders.of("keys"));
}

/** Best effort: an entry whose message does not exist counts for nothing anyway. */
export function removeKey(folders: Folders, recipient: string, key: string): void {
  try {
    rmSync(keyFile(folders, recipient, key), { force: true });
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
  }
}

function readEntry(path: string): KeyEntry | null {
  try {
    const value = parseJson(readFile(path).toString("utf8"));
    return isEntry(value) ? value : null;
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return null;
    throw cause;
  }
}

function isEntry(value: unknown): value is KeyEntry {
  if (typeof value !== "object" || value === null) return false;
  const { id, sha256, at } = value as Partial<Record<string, unknown>>;
  return typeof id === "string" && typeof sha256 === "string" && typeof at === "number";
}

function keyFile(folders: Folders, recipient: string, key: string): string {
  return folders.of("keys", `${sha256(`${recipient}\0${key}`)}.json`);
}
