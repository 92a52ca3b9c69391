/** Shows something anew whenever files may have changed. */
import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "../support/system-error.ts";

const QUEUE = ["new", "active", "done", "failed", "unconfirmed", "drop", "bad"].map(
  (name) => `queue/${name}`,
);
/** Not more often, in milliseconds. */
const PAUSE_MS = 200;
/** Ages grow: shown anew so often, in milliseconds. */
const TICK_MS = 1_000;
/** Events may be lost, and folders appear: looked at anew so often, in milliseconds. */
const SURELY_MS = 15_000;

/** `isChanged` false: nothing new is to be read, but time has passed, or the terminal has another size. */
type Show<T> = (isChanged: boolean) => Promise<T>;

/** Calls `show` now and with every change of the queue until SIGINT or SIGTERM, and gives what the last call gave. */
export function watchQueue<T>(root: string, show: Show<T>): Promise<T> {
  return watchFiles(
    QUEUE.map((folder) => join(root, "runtime", folder)),
    show,
  );
}

/** The same for the files that lie in the runtime folder itself. */
export function watchRuntime<T>(root: string, show: Show<T>): Promise<T> {
  return watchFiles([join(root, "runtime")], show);
}

async function watchFiles<T>(folders: readonly string[], show: Show<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const watchers = new Map<string, FSWatcher>();
  let wake: () => void = () => undefined;
  let isChanged = true;
  const onResize = () => wake();
  process.on("SIGWINCH", onResize);
  const onChange = () => {
    isChanged = true;
    wake();
  };
  try {
    for (let shownAt = performance.now(); ; ) {
      const known = watchers.size;
      watchFolders(folders, watchers, onChange);
      isChanged ||= watchers.size > known;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      isChanged ||= performance.now() - shownAt > SURELY_MS;
      if (isChanged) shownAt = performance.now();
      const showing = show(isChanged);
      isChanged = false;
      const result = await showing;
      await pause(TICK_MS, stop.signal, woken);
      await pause(PAUSE_MS, stop.signal);
      if (stop.signal.aborted) return result;
    }
  } finally {
    for (const watcher of watchers.values()) watcher.close();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal).off("SIGWINCH", onResize);
  }
}

/** Those that are there and not yet watched. Nothing is missed where it fails: there is the longest pause. */
function watchFolders(
  folders: readonly string[],
  watchers: Map<string, FSWatcher>,
  onChange: () => void,
): void {
  for (const folder of folders.filter((path) => !watchers.has(path))) {
    try {
      const watcher = watch(folder, { persistent: false }, onChange);
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
