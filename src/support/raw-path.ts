/** Names that are no UTF-8: node shows U+FFFD where bytes make no character, and no file bears the name that it shows. */
import { readdirSync } from "node:fs";
import { basename, dirname, sep } from "node:path";

/** What the system knows the file by that a listing shows as `path`: its bytes where text can't tell them. */
export function rawPath(path: string): string | Buffer {
  if (!path.includes("\ufffd")) return path;
  const [folder, shown] = [dirname(path), basename(path)];
  const name = readdirSync(folder, { encoding: "buffer" }).find((bytes) => bytes.toString("utf8") === shown);
  return name ? Buffer.concat([Buffer.from(folder + sep), name]) : path;
}
