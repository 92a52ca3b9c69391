/** A workspace with a spool whose time a test moves. */
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Spool } from "../../src/ports/store.ts";
import { Folders } from "../../src/spool/folders.ts";
import type { SpoolOptions } from "../../src/spool/options.ts";
import { openSpool } from "../../src/spool/spool.ts";
import { removeFolder } from "../../src/support/remove-folder.ts";

export const START = Date.parse("2026-01-02T03:04:05.678Z");
const DAY_MS = 24 * 60 * 60 * 1000;

export class SpoolWorld {
  readonly root: string;
  readonly folders: Folders;
  #now = START;

  constructor(root = freshFolder()) {
    this.root = root;
    this.folders = new Folders(root);
  }

  now(): number {
    return this.#now;
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  open(options: Partial<SpoolOptions> = {}): Spool {
    return openSpool({
      root: this.root,
      maxBytes: 1 << 20,
      clock: { now: () => this.#now },
      random: { hex: (bytes) => randomBytes(bytes).toString("hex") },
      archiveMs: 90 * DAY_MS,
      ...options,
    });
  }
}

/** Removed after the test. */
export function freshFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "sws-"));
  onTestFinished(() => removeFolder(path));
  return path;
}
