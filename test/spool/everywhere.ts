/** Looks at all of a spool's files at once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SpoolWorld } from "./spool-world.ts";

/** Names of all files below the queue's folder `folder`, relative to it. */
export function filesIn(world: SpoolWorld, folder: string): readonly string[] {
  const path = join(world.folders.queue, folder);
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}

/** Where a message lies: one entry for each file in the spool and each line in the archive. */
export function placesOf(world: SpoolWorld, id: string): readonly string[] {
  const folders = ["new", "active", "done", "failed", "unconfirmed", "bad"];
  const inSpool = folders.flatMap((folder) =>
    filesIn(world, folder).flatMap((name) => (name.includes(id) ? [folder] : [])),
  );
  const inArchive = archiveLines(world).flatMap((line) =>
    line.includes(`"id":"${id}","summary"`) ? ["archive"] : [],
  );
  return [...inSpool, ...inArchive];
}

export function archiveLines(world: SpoolWorld): readonly string[] {
  if (!existsSync(world.folders.archive)) return [];
  return readdirSync(world.folders.archive)
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => readFileSync(join(world.folders.archive, name), "utf8").split("\n").slice(0, -1));
}
