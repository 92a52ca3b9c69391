/** Waiting for what programs do with the clipboard. */
import type { X11Clipboard } from "./clipboard.ts";

/** Resolves when another program has taken the clipboard once more than `takes` times, or after `timeoutMs`. */
export function nextTaking(clipboard: X11Clipboard, takes: number, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (clipboard.takes !== takes) return resolve();
    const end = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, timeoutMs));
    const stop = clipboard.onTaken(end);
  });
}

/** Resolves when nobody has taken the clipboard for `quietMs`, or after `limitMs`. */
export async function untilQuiet(clipboard: X11Clipboard, quietMs: number, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    const { takes } = clipboard;
    await nextTaking(clipboard, takes, quietMs);
    if (clipboard.takes === takes || performance.now() >= end) return;
  }
}

/** Resolves when `count`, of takings of the clipboard, is above `takes`, or after `limitMs`. */
export async function untilAbove(
  clipboard: X11Clipboard,
  count: () => number,
  takes: number,
  limitMs: number,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (count() <= takes && performance.now() < end)
    await nextTaking(clipboard, clipboard.takes, end - performance.now());
}
