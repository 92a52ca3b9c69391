/** What may lie in the place of a file or folder of ours: links that lead out of the workspace or nowhere, pipes, folders. */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { basename } from "node:path";
import type { Fence } from "./fence.ts";

export type Obstacle = (path: string, fence: Fence) => void;

/** Each but the last two is a link. */
export const OBSTACLES = {
  "a link to a file outside": (path, { secret }) => symlinkSync(secret, path),
  "a link to a folder outside": (path, { folder }) => symlinkSync(folder, path),
  "a link to nothing outside": (path, { folder }) => symlinkSync(`${folder}/made-through-a-link`, path),
  "a link to itself": (path) => symlinkSync(basename(path), path),
  "a pipe": (path) => void spawnSync("mkfifo", ["-m", "600", path]),
  "a folder": (path) => mkdirSync(path, { mode: 0o700 }),
} as const satisfies Readonly<Record<string, Obstacle>>;
