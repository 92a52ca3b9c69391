/** A browser of the selftest's own: small windows without tabs, a profile in the temporary folder, nothing of the user's. */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { kill } from "./own-processes.ts";
import type { Stand } from "./stand.ts";

/** All of one family: they can open a window of one page alone. */
export const BROWSERS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "brave-browser",
  "microsoft-edge",
  "vivaldi",
] as const;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Browser {
  open(address: string, place: Place): void;
  hasEnded(): boolean;
  /** Ends it without asking: it has nothing to keep. */
  stop(): void;
}

/** The first one on the path, or null. */
export function findBrowser(env: NodeJS.ProcessEnv): string | null {
  const folders = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const paths = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isProgram) ?? null;
}

export function startBrowser({ folder, env }: Stand, program: string, display: string): Browser {
  const children: ChildProcess[] = [];
  const own = {
    ...env,
    ...{
      HOME: folder,
      TMPDIR: folder,
      XDG_CONFIG_HOME: folder,
      XDG_CACHE_HOME: folder,
      XDG_DATA_HOME: folder,
    },
    DISPLAY: display,
    XAUTHORITY: env["XAUTHORITY"] ?? join(homedir(), ".Xauthority"),
    // The user's session is not asked for keyrings and settings.
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
  };
  const flags = [...FLAGS, ...(process.getuid?.() === 0 ? AS_ROOT : [])];
  return {
    open(address, { x, y, width, height }) {
      const where = [`--window-size=${width},${height}`, `--window-position=${x},${y}`];
      const args = [...flags, ...where, `--user-data-dir=${join(folder, "browser")}`, `--app=${address}`];
      // In a process group of its own, to be ended as a whole.
      const child = spawn(program, args, { cwd: folder, env: own, detached: true, stdio: "ignore" });
      child.on("error", () => undefined); // its window does not come
      children.push(child);
    },
    hasEnded: () => children.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null),
    stop() {
      for (const { pid } of children) if (pid !== undefined) kill(-pid, "SIGKILL");
    },
  };
}

const FLAGS = [
  "--no-first-run",
  "--no-default-browser-check",
  "--no-proxy-server",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-extensions",
  "--disable-sync",
  "--disable-gpu",
  "--disable-breakpad",
  "--disable-features=Translate,MediaRouter",
  "--password-store=basic",
  "--ozone-platform=x11",
];

/** A browser refuses to run as root with its sandbox; `test-type` hides the bar that warns of it. */
const AS_ROOT = ["--no-sandbox", "--test-type"];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}
