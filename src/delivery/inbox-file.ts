/**
 * The inbox file: a message as Markdown in the agent's own folder. Written to a temporary name, synced, renamed, the
 * folder synced, read back. Doing it again changes nothing: the name depends on the message alone.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, fsyncSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DeliveryError, ErrorCode } from "../domain/errors.ts";
import { inboxFileName, type Message } from "../domain/message.ts";
import { createWhole, syncFolder } from "../support/atomic-file.ts";
import { inFolderInside } from "../support/folder-inside.ts";
import { reasonOf } from "../support/reason-of.ts";
import { openFile, readFile } from "../support/regular-file.ts";
import { hasCode } from "../support/system-error.ts";

export type InboxWrite =
  /** `file` is relative to the workspace root, with forward slashes. */
  { readonly ok: true; readonly file: string } | { readonly ok: false; readonly error: DeliveryError };

/** Where the message's inbox file belongs, relative to the workspace root. */
export function inboxFilePath(message: Pick<Message, "id" | "acceptedAt" | "recipient">): string {
  return `agent_workspaces/${message.recipient}/inbox/${inboxFileName(message)}`;
}

/** Writes the inbox file below `root` and proves by reading it that it holds the accepted body. Never throws for what the disk does. */
export function writeInboxFile(root: string, message: Message): InboxWrite {
  const file = inboxFilePath(message);
  const content = inboxFileContent(message);
  try {
    return inFolderInside(root, ["agent_workspaces", message.recipient, "inbox"], (folder) => {
      const target = join(folder, inboxFileName(message));
      if (readRegularFile(target)?.equals(content) !== true) replaceFile(folder, target, content);
      else syncFile(target);
      syncFolder(folder);
      return provenByReading(target, file, content, message);
    });
  } catch (cause) {
    return { ok: false, error: unwritable(file, cause) };
  }
}

/** The file's bytes: a header of fixed fields, `---`, a blank line, and the body to the last byte. */
function inboxFileContent(message: Message): Buffer {
  const lines = [
    "# Message Delivery Confirmation",
    "",
    `**Message ID**: ${message.id}`,
    `**From**: ${oneLine(message.sender)}`,
    `**Recipient**: ${message.recipient}`,
    `**Priority**: ${message.priority}`,
    `**Timestamp**: ${new Date(message.acceptedAt).toISOString()}`,
    `**SHA-256**: ${message.sha256}`,
    "",
    "---",
    "",
    message.body,
  ];
  return Buffer.from(lines.join("\n"), "utf8");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The bytes at `path`, or null when nothing is there. Throws when it is no regular file. */
function readRegularFile(path: string): Buffer | null {
  try {
    return readFile(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function replaceFile(folder: string, target: string, content: Buffer): void {
  const temporary = join(folder, `.${target.slice(folder.length + 1)}.tmp`);
  createTemporary(temporary, content);
  try {
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function createTemporary(path: string, content: Buffer): void {
  const how = { isSynced: true, mode: 0o600, flags: "wx" } as const;
  try {
    createWhole(path, content, how);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    rmSync(path, { recursive: true }); // left by a crash
    createWhole(path, content, how);
  }
}

function syncFile(path: string): void {
  const fd = openFile(path, process.platform === "win32" ? constants.O_RDWR : constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The header is compared byte by byte, the body by the hash it was accepted with: not by what this process holds in memory. */
function provenByReading(target: string, file: string, content: Buffer, message: Message): InboxWrite {
  const found = readRegularFile(target);
  const start = content.length - Buffer.byteLength(message.body);
  const isSame =
    found?.subarray(0, start).equals(content.subarray(0, start)) === true &&
    createHash("sha256").update(found.subarray(start)).digest("hex") === message.sha256;
  if (isSame) return { ok: true, file };
  return {
    ok: false,
    error: inboxError(
      "inbox_mismatch",
      `the inbox file ${file} did not hold the message when it was read back`,
      "look for a program that changes files in this folder, and check the disk",
    ),
  };
}

function unwritable(file: string, cause: unknown): DeliveryError {
  return inboxError(
    "inbox_unwritable",
    `the inbox file ${file} could not be written: ${reasonOf(cause)}`,
    hasCode(cause, "ENOSPC", "EDQUOT")
      ? "free some disk space; the message is tried again by itself, and after its last attempt by: swarm retry-failed"
      : "make the folder writable for this user and remove what is in the way; then: swarm retry-failed",
  );
}

function inboxError(code: ErrorCode, message: string, hint: string): DeliveryError {
  return { code, message, hint };
}
