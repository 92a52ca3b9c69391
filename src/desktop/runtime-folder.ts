/** Where processes of one user meet over a desktop: not in a project, because two projects share one keyboard. */
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The user's own folder for running things, made with rights for nobody else. Throws when it belongs to somebody else. */
export function userRuntimeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { uid, username } = userInfo();
  const base = env["XDG_RUNTIME_DIR"];
  const folder = base ? join(base, "swarm") : join(tmpdir(), `swarm-${uid < 0 ? username : uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || (uid >= 0 && stat.uid !== uid)) {
    throw new Error(
      `${folder} does not belong to you: remove it, or set XDG_RUNTIME_DIR to a folder of your own`,
    );
  }
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}

/** The name of a display as lock files and abstract names bear it: `:0.0`, `unix:0` and `:0` are the same desktop. */
export function displayName(display: string): string {
  return display
    .replace(/\.\d+$/, "")
    .replace(/^(unix|local)?(\/unix)?:/, ":")
    .replace(/[^A-Za-z0-9._-]/g, "_");
}
