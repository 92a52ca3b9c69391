import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { removeFolder } from "../../src/support/remove-folder.ts";
import { endProgram, run, startProgram } from "./children.ts";
import { OPENBOX_CONFIG } from "./openbox.ts";
import { saveScreenshot } from "./screenshot.ts";
import { until } from "./until.ts";

export interface Desktop {
  /** `:7` */
  readonly display: string;
  /** Environment for programs on this desktop. Its runtime directory is the desktop's own. */
  readonly env: NodeJS.ProcessEnv;
  /** A folder that goes when the desktop is stopped. */
  readonly folder: string;
  /** The user's runtime directory on this desktop; in memory, as on a real one. */
  readonly runtime: string;
  /** Writes what the screen shows as a PNG file. */
  screenshot(path: string): Promise<void>;
  /** The display goes away at once, as when the X server crashes. */
  crash(): Promise<void>;
  /** Ends the window manager and the X server. Programs on it must have been stopped before. */
  stop(): Promise<void>;
}

export interface DesktopOptions {
  readonly width?: number;
  readonly height?: number;
  readonly windowManager?: boolean;
}

/** An X server of its own on a free display number, with openbox on two workspaces unless asked otherwise. */
export async function startDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const { width = 1600, height = 1000, windowManager = true } = options;
  const folder = mkdtempSync(join(tmpdir(), "desktop-"));
  const screen = `${width}x${height}x24`;
  const args = ["-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"];
  const server = startProgram("Xvfb", args, process.env, ["ignore", "ignore", "ignore", "pipe"]);
  const display = await displayOf(server);
  const runtime = mkdtempSync(join(memoryFolder(), "swr-"));
  const env = environment(display, runtime);
  const manager = windowManager ? await startOpenbox(env, folder) : null;
  return {
    display,
    env,
    folder,
    runtime,
    screenshot: (path) => saveScreenshot(display, path),
    crash: async () => {
      const exit = once(server, "exit");
      if (server.kill("SIGKILL")) await exit;
      removeTraces(display);
    },
    stop: async () => {
      if (manager) await endProgram(manager);
      await endProgram(server);
      removeTraces(display);
      for (const left of [folder, runtime]) removeFolder(left);
    },
  };
}

/** Another program that fills the disk or syncs it does not stop whoever writes here. */
function memoryFolder(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** The desktop that is already there, for programs that show something to a person. `stop` removes its folder only. */
export function presentDesktop(display: string): Desktop {
  const folder = mkdtempSync(join(tmpdir(), "desktop-"));
  return {
    display,
    env: { ...process.env, DISPLAY: display },
    folder,
    runtime: folder,
    screenshot: (path) => saveScreenshot(display, path),
    crash: () => Promise.reject(new Error("this display belongs to somebody")),
    stop: () => Promise.resolve(removeFolder(folder)),
  };
}

async function displayOf(server: ChildProcess): Promise<string> {
  const numbers = server.stdio[3] as Readable;
  const exit = once(server, "exit").then(() => null);
  let text = "";
  numbers.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await Promise.race([exit, until("Xvfb names its display", () => text.includes("\n"))]);
  if (!text.includes("\n")) throw new Error("Xvfb ended before it had a display");
  return `:${text.trim()}`;
}

function environment(display: string, runtime: string): NodeJS.ProcessEnv {
  const { WAYLAND_DISPLAY: _, XAUTHORITY: _authority, ...env } = process.env;
  return {
    ...env,
    DISPLAY: display,
    XDG_RUNTIME_DIR: runtime,
    XDG_SESSION_TYPE: "x11",
    // No bus: else libraries start one that outlives the test.
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
    DBUS_SYSTEM_BUS_ADDRESS: "unix:path=/nonexistent",
  };
}

async function startOpenbox(env: NodeJS.ProcessEnv, folder: string): Promise<ChildProcess> {
  const config = join(folder, "openbox.xml");
  writeFileSync(config, OPENBOX_CONFIG);
  const manager = startProgram("openbox", ["--config-file", config], { ...env, HOME: folder });
  await until("openbox manages the display", async () => {
    const property = await run("xprop", ["-root", "_NET_SUPPORTING_WM_CHECK", "_NET_NUMBER_OF_DESKTOPS"], {
      env,
    });
    return property?.includes("window id") && property.includes("= 2");
  });
  return manager;
}

/** A server that was killed leaves its socket and lock file, and its number would never be free again. */
function removeTraces(display: string): void {
  const number = display.slice(1);
  rmSync(`/tmp/.X${number}-lock`, { force: true });
  rmSync(`/tmp/.X11-unix/X${number}`, { force: true });
}
