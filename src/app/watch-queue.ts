/** Shows something anew whenever the queue may have changed. */
import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "../support/system-error.ts";

const FOLDERS = ["new", "active", "done", "failed", "unconfirmed", "drop", "bad"];
/** Not more often, in milliseconds. */
const PAUSE_MS = 200;
/** Also without an event: events may be lost, ages grow, and folders appear. */
const AT_LEAST_MS = 2000;

/** Calls `show` now and with every change until SIGINT or SIGTERM, and gives what the last call gave. */
export async function watchQueue<T>(root: string, show: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const watchers = new Map<string, FSWatcher>();
  let wake: () => void = () => undefined;
  try {
    for (;;) {
      watchFolders(root, watchers, () => wake());
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const result = await show();
      await pause(AT_LEAST_MS, stop.signal, changed);
      await pause(PAUSE_MS, stop.signal);
      if (stop.signal.aborted) return result;
    }
  } finally {
    for (const watcher of watchers.values()) watcher.close();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

/** Those that are there and not yet watched. Nothing is missed where it fails: there is the longest pause. */
function watchFolders(root: string, watchers: Map<string, FSWatcher>, onChange: () => void): void {
  for (const folder of FOLDERS.filter((name) => !watchers.has(name))) {
    try {
      const watcher = watch(join(root, "runtime", "queue", folder), { persistent: false }, onChange);
      watcher.on("error", () => watchers.delete(folder));
      watchers.set(folder, watcher);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
    }
  }
}

/** Ends early when something changes or the signal comes; leaves no timer behind. */
function pause(ms: number, signal: AbortSignal, changed?: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    void changed?.then(end);
    if (signal.aborted) end();
  });
}
