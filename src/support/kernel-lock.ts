/**
 * Locks that the kernel frees when their process ends, however it ends: an abstract socket on Linux, a named pipe on
 * Windows, an exclusively locked file (O_EXLOCK) on macOS and the BSDs. Nothing to clean up, nothing that can be stale.
 *
 * An abstract socket is seen by all processes of one network namespace: containers with a network of their own do not
 * exclude each other.
 */

import { closeSync, constants, fstatSync, mkdirSync, openSync, statSync } from "node:fs";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "./sha256.ts";
import { standStill } from "./stand-still.ts";

export interface KernelLock {
  readonly name: string;
  /** Frees the lock at once. Safe to call twice. */
  release(): void;
}

/** Takes the lock, or gives null when any process (this one too) holds it. Rejects when the system refuses for another reason. */
export async function tryLock(name: string): Promise<KernelLock | null> {
  if (!isSocketPlatform()) return tryLockFile(name);
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen({ path: address(name), exclusive: true }, () => resolve(held(name, server)));
  });
}

/**
 * The same without waiting for the event loop; null also when the system refuses for another reason.
 * Binding happens inside `listen`, and `listening` tells at once whether it worked; only the error comes later.
 */
export function tryLockNow(name: string): KernelLock | null {
  if (!isSocketPlatform()) return tryLockFile(name);
  const server = createServer();
  server.on("error", ignoreLateError);
  server.listen({ path: address(name), exclusive: true });
  return server.listening ? held(name, server) : null;
}

/** Blocks the whole process until the lock is taken; null after `waitMs` milliseconds. For stretches of a few milliseconds. */
export function lockWithin(name: string, waitMs: number): KernelLock | null {
  const end = performance.now() + waitMs;
  for (;;) {
    const lock = tryLockNow(name);
    if (lock || performance.now() >= end) return lock;
    standStill(1 + Math.random() * 2);
  }
}

function createServer(): Server {
  // Loaded only when a lock is needed: most sends need none.
  const server = process.getBuiltinModule("node:net").createServer((socket) => socket.destroy());
  server.unref();
  return server;
}

function held(name: string, server: Server): KernelLock {
  return { name, release: () => void (server.listening && server.close()) };
}

function ignoreLateError(): void {
  // `listening` was false: the caller has been told.
}

function isSocketPlatform(): boolean {
  return process.platform === "linux" || process.platform === "android" || process.platform === "win32";
}

function address(name: string): string {
  return process.platform === "win32" ? `\\\\.\\pipe\\${shortName(name)}` : `\0${shortName(name)}`;
}

/** Socket names end at 107 bytes, and pipes take no backslash. */
function shortName(name: string): string {
  if (/^[\w.:@+-]{1,90}$/.test(name)) return name;
  return `${name.replace(/[^\w.:@+-]/g, "_").slice(0, 40)}-${sha256(name).slice(0, 40)}`;
}

/** BSD's O_EXLOCK: opened and locked in one step, or EAGAIN. Node does not name it. */
const O_EXLOCK = 0x20;

function tryLockFile(name: string): KernelLock | null {
  const folder = join(tmpdir(), `locks-${process.getuid?.() ?? "user"}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, shortName(name));
  const fd = openLocked(path);
  if (fd === null) return null;
  // A cleaner may have removed the file between another's open and ours: the lock counts only on the file that is there.
  if (fstatSync(fd).ino !== statSync(path, { throwIfNoEntry: false })?.ino) {
    closeSync(fd);
    return tryLockFile(name);
  }
  let isHeld = true;
  return {
    name,
    release: () => {
      if (isHeld) closeSync(fd);
      isHeld = false;
    },
  };
}

function openLocked(path: string): number | null {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK, 0o600);
  } catch (cause) {
    if (
      cause instanceof Error &&
      "code" in cause &&
      (cause.code === "EAGAIN" || cause.code === "EWOULDBLOCK")
    )
      return null;
    throw cause;
  }
}
