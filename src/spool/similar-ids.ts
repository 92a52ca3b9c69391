/** Ids that somebody may have meant. */

import { lastLineHeads } from "../support/line-search.ts";
import { HEAD_BYTES } from "./archive-line.ts";
import { archivedMonths, monthFile } from "./archive-totals.ts";
import type { Folders } from "./folders.ts";
import { spoolIds } from "./locate.ts";

const MOST = 5;
/** More differing characters than this is another id. */
const FAR = 6;
const ARCHIVE_TAIL = { maxLines: 2000, maxBytes: 16 << 20 };

/** Ids in the spool and the newest of the archive that begin like `id`, else those most like it; at most 5. */
export function similarIds(folders: Folders, id: string): readonly string[] {
  const known = knownIds(folders);
  const beginning = id.length < 5 ? [] : known.filter((candidate) => candidate.startsWith(id));
  if (beginning.length > 0) return beginning.slice(0, MOST);
  return known
    .map((candidate) => ({ candidate, distance: difference(candidate, id) }))
    .filter(({ distance }) => distance <= FAR)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

function knownIds(folders: Folders): readonly string[] {
  const newest = archivedMonths(folders).at(-1);
  const archived =
    newest === undefined ? [] : lastLineHeads(monthFile(folders, newest), HEAD_BYTES, ARCHIVE_TAIL);
  const inArchive = archived.flatMap(({ head }) => /^\{"schema":1,"id":"(msg_\w+)"/.exec(head)?.[1] ?? []);
  return [...new Set([...spoolIds(folders), ...inArchive])];
}

/** Characters that differ at the same place, and those that one of them has more. */
function difference(a: string, b: string): number {
  let count = Math.abs(a.length - b.length);
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) if (a[at] !== b[at]) count += 1;
  return count;
}
