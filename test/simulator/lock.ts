import type { DesktopLease, LockRequest } from "../../src/desktop/desktop-lock.ts";
import type { Refusal } from "../../src/ports/desktop.ts";

/** A lock in memory, handed over in the order of asking. It takes no time: the simulated clock stands still meanwhile. */
export function simulatedLock(): (request: LockRequest) => Promise<DesktopLease | Refusal> {
  let line: Promise<void> = Promise.resolve();
  return async () => {
    const before = line;
    let leave: () => void = () => undefined;
    line = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    return {
      ok: true,
      waitedMs: 0,
      refusal: () => null,
      release: () => Promise.resolve(leave()),
    };
  };
}
