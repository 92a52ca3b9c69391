/** A look at the whole spool for `status`, made from names and totals: no file is opened but the few that are shown. */
import { STATUSES, type Status } from "../domain/status.ts";
import type { DeadLetter } from "../ports/dead-letters.ts";
import type { StoredMessage } from "../ports/store.ts";
import { withAcknowledgement } from "./acknowledgements.ts";
import { ARCHIVED_STATUSES, type MonthTotals, readTotals, totalsVersion } from "./archive-totals.ts";
import { type BadFile, badFiles } from "./bad.ts";
import { longestFailed } from "./dead-letter-look.ts";
import { countDrops } from "./drop-folder.ts";
import { Folders, type QueueFolder } from "./folders.ts";
import { type Location, listings, pathOf } from "./locate.ts";
import { readMessage } from "./message-file.ts";
import { type MessageName, orderIn, parseName } from "./message-name.ts";

export interface AgentCounts {
  readonly queued: number;
  /** Of the queued ones: those whose time has not come. */
  readonly scheduled: number;
  readonly delivering: number;
  readonly failed: number;
  readonly unconfirmed: number;
}

export const NO_MESSAGES: AgentCounts = {
  queued: 0,
  scheduled: 0,
  delivering: 0,
  failed: 0,
  unconfirmed: 0,
};

export interface SpoolOverview {
  /** Finished ones as far back as the archive is kept. */
  readonly counts: Readonly<Record<Status, number>>;
  /** By recipient; only those for whom one of the four is not zero. */
  readonly agents: ReadonlyMap<string, AgentCounts>;
  /** Since when the message that waits longest could have been delivered, in milliseconds since 1970, or null. */
  readonly oldestWaitingAt: number | null;
  /** Dead letters that have lain longest: a few. */
  readonly longestFailed: readonly DeadLetter[];
  /** Files of other programs that no worker has taken in yet. */
  readonly drops: number;
  /** The first parked files, and how many there are. */
  readonly bad: { readonly files: readonly BadFile[]; readonly total: number };
  /** By recipient, of at most `MOST_OPENED` recipients: the message under way or the first in line, and the newest that ended badly. */
  readonly next: ReadonlyMap<string, StoredMessage>;
  readonly trouble: ReadonlyMap<string, StoredMessage>;
  /** Being delivered, then unconfirmed and failed (newest first), then waiting in order: at most `limit` of each. */
  readonly messages: readonly StoredMessage[];
}

/** The worker archives now and then, in batches. */
const CONSISTENT_TRIES = 5;

interface Named {
  readonly location: Location;
  readonly name: MessageName;
  readonly order: string;
}

/** Each is a file to open. */
const MOST_OPENED = 200;

/**
 * `limit`: how many messages of each kind are opened, and how many bad files; 0: none at all. `now`: milliseconds since 1970.
 * Throws UnusableFolderError.
 */
export function readOverview(root: string, limit: number, now = Date.now()): SpoolOverview {
  const folders = new Folders(root);
  folders.check();
  // In the direction in which messages travel: one that moves meanwhile is seen twice rather than not at all.
  const [waiting, active] = [named(folders, "new"), named(folders, "active")];
  const finished = readFinished(folders);
  const [failed, unconfirmed] = [named(folders, "failed"), named(folders, "unconfirmed")];
  const lists = { queued: waiting, delivering: active, failed, unconfirmed };
  const shown = [
    ...active.slice(0, limit),
    ...newest(unconfirmed, limit),
    ...newest(failed, limit),
    ...first(waiting, limit),
  ];
  return {
    counts: countAll(lists, finished),
    agents: countByAgent(lists, now),
    oldestWaitingAt: oldest(waiting, now),
    longestFailed: longestFailed(
      folders,
      failed.map(({ location }) => location.file),
    ),
    drops: countDrops(folders),
    bad: badFiles(folders, limit),
    next: limit > 0 ? opened(folders, nextByAgent(active, waiting)) : new Map(),
    trouble: limit > 0 ? opened(folders, newestByAgent([...failed, ...unconfirmed])) : new Map(),
    messages: shown.flatMap(({ location }) => read(folders, location)),
  };
}

/** Ids of what waits for this agent, by names alone. Throws UnusableFolderError. */
export function waitingIds(root: string, agent: string): readonly string[] {
  const folders = new Folders(root);
  folders.check();
  const own = named(folders, "new").filter(({ name }) => name.recipient === agent);
  return own.toSorted((a, b) => (a.order < b.order ? -1 : 1)).map(({ name }) => name.id);
}

const LISTED = ["queued", "delivering", "failed", "unconfirmed"] as const;
type Lists = Readonly<Record<(typeof LISTED)[number], readonly Named[]>>;

function named(folders: Folders, folder: QueueFolder): Named[] {
  const found: Named[] = [];
  for (const { directory, files } of listings(folders, folder))
    for (const file of files) {
      const name = parseName(file);
      if (name) found.push({ location: { folder, directory, file }, name, order: orderIn(file, name) });
    }
  return found;
}

interface FinishedCounts {
  /** Whose lines are not in the archive yet. */
  readonly done: readonly Named[];
  readonly archived: readonly MonthTotals[];
}

/** Once more while messages leave `done` for the archive: one that was seen in both would count twice. */
function readFinished(folders: Folders): FinishedCounts {
  for (let tries = 1; ; tries++) {
    const version = totalsVersion(folders);
    const done = named(folders, "done");
    const behind = new Set<string>();
    const archived = [...readTotals(folders, (id) => behind.add(id)).values()];
    if (totalsVersion(folders) === version || tries === CONSISTENT_TRIES)
      return { done: done.filter(({ name }) => !behind.has(name.id)), archived };
  }
}

function countAll(lists: Lists, { done, archived }: FinishedCounts): Record<Status, number> {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  for (const status of LISTED) counts[status] = lists[status].length;
  for (const { name } of done) counts[statusOfDone(name)] += 1;
  for (const totals of archived) for (const status of ARCHIVED_STATUSES) counts[status] += totals[status];
  return counts;
}

function statusOfDone({ ended }: MessageName): Status {
  return ended?.type ?? "delivered";
}

function countByAgent(lists: Lists, now: number): ReadonlyMap<string, AgentCounts> {
  const counts = new Map<string, Record<keyof AgentCounts, number>>();
  for (const status of LISTED)
    for (const { name } of lists[status]) {
      const of = counts.get(name.recipient) ?? { ...NO_MESSAGES };
      of[status] += 1;
      if (status === "queued" && (name.notBefore ?? 0) > now) of.scheduled += 1;
      counts.set(name.recipient, of);
    }
  return counts;
}

/** In the order of delivery. */
function nextByAgent(active: readonly Named[], waiting: readonly Named[]): ReadonlyMap<string, Named> {
  const next = new Map<string, Named>();
  for (const candidate of waiting) {
    const known = next.get(candidate.name.recipient);
    if (!known || candidate.order < known.order) next.set(candidate.name.recipient, candidate);
  }
  for (const underWay of active) next.set(underWay.name.recipient, underWay);
  return next;
}

function newestByAgent(ended: readonly Named[]): ReadonlyMap<string, Named> {
  const newest = new Map<string, Named>();
  for (const candidate of ended) {
    const known = newest.get(candidate.name.recipient);
    if (!known || candidate.name.micros > known.name.micros) newest.set(candidate.name.recipient, candidate);
  }
  return newest;
}

function opened(folders: Folders, named: ReadonlyMap<string, Named>): ReadonlyMap<string, StoredMessage> {
  const some = [...named].slice(0, MOST_OPENED);
  return new Map(
    some.flatMap(([agent, { location }]) => read(folders, location).map((stored) => [agent, stored])),
  );
}

function oldest(waiting: readonly Named[], now: number): number | null {
  let oldestAt = Number.POSITIVE_INFINITY;
  for (const { name } of waiting) {
    const since = name.notBefore ?? Math.floor(Number(name.micros) / 1000);
    if (since < oldestAt && (name.notBefore ?? 0) <= now) oldestAt = since;
  }
  return oldestAt === Number.POSITIVE_INFINITY ? null : oldestAt;
}

function newest(messages: readonly Named[], limit: number): readonly Named[] {
  return messages.toSorted((a, b) => (a.name.micros > b.name.micros ? -1 : 1)).slice(0, limit);
}

/** In the order of delivery; a folder of 100,000 is not sorted for the sake of a few. */
function first(waiting: readonly Named[], limit: number): readonly Named[] {
  const chosen: Named[] = [];
  for (const candidate of waiting) {
    const last = chosen.at(-1);
    if (chosen.length >= limit && last && candidate.order >= last.order) continue;
    const at = chosen.findIndex(({ order }) => candidate.order < order);
    chosen.splice(at === -1 ? chosen.length : at, 0, candidate);
    if (chosen.length > limit) chosen.pop();
  }
  return chosen;
}

function read(folders: Folders, location: Location): readonly StoredMessage[] {
  const reading = readMessage(pathOf(location), location.file);
  return reading.kind === "message" ? [withAcknowledgement(folders, reading.stored)] : [];
}
