/** What a killed worker had found, and could not be put back at once: nobody else does it where nothing is to be delivered. */
import type { DesktopDeps } from "./session.ts";

/** Between tries: at first, and at most, in milliseconds. */
const PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Resolves after the first try. The others are made as long as the worker lives, and keep it from nothing: one that drains
 * the queue, or is idle, ends under a locked screen as well, and leaves them to the next.
 */
export async function putBackOrLater(deps: DesktopDeps, signal: AbortSignal): Promise<void> {
  if (await deps.desktop.putBackLeftBehind(signal)) return;
  // The next start tries again whatever went wrong.
  tryLater(deps, signal).catch(() => undefined);
}

async function tryLater({ desktop, clock }: DesktopDeps, signal: AbortSignal): Promise<void> {
  for (let pauseMs = PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await new Promise<void>((resolve) => {
      const goOn = () => {
        cancel();
        signal.removeEventListener("abort", goOn);
        resolve();
      };
      const cancel = clock.after(pauseMs, goOn);
      signal.addEventListener("abort", goOn);
    });
    if (!signal.aborted && (await desktop.putBackLeftBehind(signal))) return;
  }
}
