import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquireDesktopLock } from "../../src/desktop/desktop-lock.ts";
import type { Row } from "../row.ts";

const TIMES_MORE = 10;

export const lockRow: Row = {
  name: "lock",
  work: "taking the desktop lock, uncontended",
  against: null,
  unit: "ms",
  limit: 1,
  async measure(rounds) {
    const folder = mkdtempSync(join(tmpdir(), "bench-lock-"));
    const own: number[] = [];
    try {
      for (let round = -rounds; round < rounds * TIMES_MORE; round++) {
        const startedAt = performance.now();
        const lease = await acquireDesktopLock({
          folder,
          display: ":bench",
          purpose: "bench",
          deadlineMs: 1_000,
        });
        const ms = performance.now() - startedAt;
        if (!lease.ok) throw new Error(lease.error.message);
        await lease.release();
        if (round >= 0) own.push(ms);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return { own, other: [] };
  },
};
