/** Hears of changes in the line before a desktop. */
import { watch } from "node:fs";

export interface LineWatch {
  /**
   * Changes count from here on: call it before looking at the line, so that none falls between look and wait. Only those
   * of this file count, so that one who leaves wakes the next in line and not all of them; null: any change.
   */
  begin(file: string | null): void;
  /** Resolves at a change since `begin`, at once where there was one, or after `timeoutMs`. */
  next(timeoutMs: number): Promise<void>;
  end(): void;
}

/** Watches a line's folder; `signal` ends every wait. */
export function watchLine(line: string, signal: AbortSignal | undefined): LineWatch {
  let hasChanged = false;
  let awaited: string | null = null;
  let wake: () => void = () => undefined;
  const change = () => {
    hasChanged = true;
    wake();
  };
  const watcher = watch(line, (_, file) => {
    if (file === null || awaited === null || file === awaited) change();
  });
  // A folder that can't be watched is looked at again and again.
  watcher.on("error", () => undefined);
  signal?.addEventListener("abort", change);
  return {
    begin(file) {
      awaited = file;
      hasChanged = false;
    },
    next: (timeoutMs) =>
      new Promise((resolve) => {
        if (hasChanged) return resolve();
        const timer = setTimeout(() => wake(), timeoutMs);
        wake = () => {
          clearTimeout(timer);
          wake = () => undefined;
          resolve();
        };
      }),
    end() {
      signal?.removeEventListener("abort", change);
      watcher.close();
    },
  };
}
