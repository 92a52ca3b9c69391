/** What a desktop is called, where processes meet over it: in lock files, in the line before it, in `status`. */

/**
 * The desktop that is meant by `asked` (`desktop.display`, or the sender's): an X display, or null where there is none.
 * A macOS or Windows session has one desktop whatever is asked: DISPLAY there belongs to an X server for guests.
 */
export function desktopName(
  asked: string | null,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (platform === "darwin") return "-console";
  // A user may be logged in at the machine and from afar, with a desktop each.
  if (platform === "win32") return `-${env["SESSIONNAME"] || "Console"}`;
  return asked || env["DISPLAY"] || null;
}
