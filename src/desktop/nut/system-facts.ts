/** What nut-js does not know: how long the machine has been idle, and whether its screen is locked. */
import { execFile } from "node:child_process";

const TIMEOUT_MS = 5_000;

/** Milliseconds since the last input on this machine, or null where that can't be told. */
export async function systemIdleMs(platform: NodeJS.Platform): Promise<number | null> {
  if (platform === "darwin") return idleInRegistry(await output("ioreg", ["-c", "IOHIDSystem", "-d", "4"]));
  if (platform === "win32") return idleNumber(await powerShell(LAST_INPUT));
  return null;
}

/** True while a lock screen takes the keys. On Windows that shows by other means: see `permission.ts`. */
export async function isSystemLocked(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== "darwin") return false;
  return isLockedInRegistry(await output("ioreg", ["-n", "Root", "-d", "1"]));
}

/** `"HIDIdleTime" = 1234567890`, in nanoseconds. */
export function idleInRegistry(text: string): number | null {
  const nanoseconds = /"HIDIdleTime"\s*=\s*(\d+)/.exec(text)?.[1];
  return nanoseconds === undefined ? null : Number(nanoseconds) / 1e6;
}

/** `"CGSSessionScreenIsLocked"=Yes` of the user at the console; others may be logged in behind it. */
export function isLockedInRegistry(text: string): boolean {
  const users = text.match(/\{[^{}]*\}/g) ?? [];
  return users.some((user) => {
    const isAway = /"kCGSSessionOnConsoleKey"\s*=\s*(No|0|false)\b/i.test(user);
    return !isAway && /"CGSSessionScreenIsLocked"\s*=\s*(Yes|1|true)\b/i.test(user);
  });
}

export function idleNumber(text: string): number | null {
  const digits = /^\s*(\d+)\s*$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** GetLastInputInfo, and the count of milliseconds that it goes by. */
const LAST_INPUT = `
Add-Type -Namespace Swarm -Name Input -MemberDefinition @'
public struct Last { public uint Size; public uint Time; }
[System.Runtime.InteropServices.DllImport("user32.dll")] static extern bool GetLastInputInfo(ref Last last);
public static uint IdleMs() {
  Last last = new Last(); last.Size = 8; GetLastInputInfo(ref last);
  return unchecked((uint)System.Environment.TickCount - last.Time);
}
'@
[Swarm.Input]::IdleMs()
`;

function powerShell(script: string): Promise<string> {
  const encoded = Buffer.from(script, "utf16le").toString("base64");
  return output("powershell.exe", ["-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]);
}

/** What the command wrote; nothing when it failed: these facts are good to have, and not worth failing for. */
function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: TIMEOUT_MS, windowsHide: true }, (error, stdout) =>
      resolve(error ? "" : stdout),
    );
  });
}
