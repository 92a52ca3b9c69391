/** Under which names the worker of a workspace is found. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { userRuntimeFolder } from "../desktop/runtime-folder.ts";

/** Longest socket path in bytes that every system takes. */
const MAX_SOCKET_PATH = 100;

/** The worker's socket: in the workspace, or under a short name of the user's where that path is too long. */
export function workerSocketPath(root: string): string {
  if (process.platform === "win32") return `\\\\.\\pipe\\${workerLockName(root)}`;
  const path = join(root, "runtime", "queue", "worker.sock");
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
  return join(userRuntimeFolder(), `${workerLockName(root)}.sock`);
}

/** The kernel lock of the one worker: the same for every path that leads to this folder. Throws when the folder is not there. */
export function workerLockName(root: string): string {
  const { dev, ino } = statSync(root, { bigint: true });
  return `swarm-worker-${dev.toString(36)}-${ino.toString(36)}`;
}
