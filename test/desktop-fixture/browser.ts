import type { ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { endProgram, hasEnded, startProgram } from "./children.ts";
import type { Desktop } from "./desktop.ts";

/** Chromium with windows that show one page each, without tabs and address. */
export interface Browser {
  /** Opens one more window. Where none is open any more, the browser starts again. */
  open(address: string): void;
  /** Ends the browser as a crash would, without asking it. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const FLAGS = [
  // The tests run as root where packages are installed; `test-type` hides the bar that warns of it.
  "--no-sandbox",
  "--test-type",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
  "--disable-quic",
  "--disable-breakpad",
  "--disable-features=Translate,MediaRouter",
  "--password-store=basic",
  "--lang=en",
  // A slow page is slow on purpose: no dialog that offers to end it.
  "--disable-hang-monitor",
];

/** All its windows belong to one process; windows of several processes are several browsers. */
export function startBrowser(desktop: Desktop): Browser {
  const profile = mkdtempSync(join(desktop.folder, "browser-"));
  const env = {
    ...desktop.env,
    HOME: profile,
    TMPDIR: profile,
    XDG_CONFIG_HOME: profile,
    XDG_CACHE_HOME: profile,
  };
  const children: ChildProcess[] = [];
  return {
    open(address) {
      const args = [...FLAGS, `--user-data-dir=${join(profile, "data")}`, `--app=${address}`];
      children.push(startProgram("chromium", args, env));
    },
    async kill() {
      for (const child of children) if (!hasEnded(child) && child.pid) process.kill(-child.pid, "SIGKILL");
      await Promise.all(children.map(endProgram));
    },
    async stop() {
      await Promise.all(children.map(endProgram));
      removeFolder(profile);
    },
  };
}
