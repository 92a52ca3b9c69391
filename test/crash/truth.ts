/** What the files of a workspace say after a recovery, read without the code that wrote them. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bodyOf, fieldOf } from "../e2e/bodies.ts";

const ID = /msg_\d{8}_\d{6}_[0-9a-f]{8}/;
/** Where a message lies that has not ended well. */
const UNFINISHED = ["drop", "new", "active", "done", "failed", "unconfirmed", "bad"];

export interface Archived {
  readonly id: string;
  readonly summary: {
    readonly recipient: string;
    readonly status: string;
    readonly evidence: readonly string[];
  };
  readonly message: { readonly broadcastId: string | null; readonly body: string; readonly sha256: string };
}

/** A message that must be there. Without a body, any will do. */
export interface Promised {
  readonly id: string;
  readonly recipient: string;
  readonly body: string;
}

/** Ids that were printed: whole lines only, as a kill may tear the last one. */
export function printedIds(stdout: string): readonly string[] {
  const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
  return [...new Set(whole.match(new RegExp(ID, "g")) ?? [])];
}

/** Each line of the archive that can be read: after a power cut a torn one may be left, written again behind it. */
export function archived(root: string): readonly Archived[] {
  const folder = join(root, "runtime/archive");
  return listed(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1))
    .flatMap((line) => parsed(line) ?? []);
}

function parsed(line: string): Archived | null {
  try {
    return JSON.parse(line) as Archived;
  } catch {
    return null;
  }
}

/** What contradicts that every message here was delivered, once, and that nothing else is left. */
export function faultsOfDelivered(root: string, promised: readonly Promised[]): readonly string[] {
  const ended = archived(root);
  const known = byId(ended);
  return [
    ...leftInSpool(root, UNFINISHED).map((file) => `left in the spool: ${file}`),
    ...repeated(ended.map(({ id }) => id)).map((id) => `${id} is in the archive twice`),
    ...ended
      .filter(({ summary }) => summary.status !== "delivered")
      .map(({ id }) => `${id} was not delivered`),
    ...promised.flatMap((one) => faultsOfPromise(known.get(one.id), one)),
    ...faultsOfInboxes(root, ended),
    ...faultsOfTracker(root, ended),
    ...halfBroadcasts(ended),
    ...faultsOfRemains(root),
  ];
}

/** Whatever became of the messages: no file that nobody needs, none that others may read. */
export function faultsOfRemains(root: string): readonly string[] {
  return [...leftovers(root), ...openToOthers(root)];
}

/** Paths of files in these folders of the queue. */
export function leftInSpool(root: string, folders: readonly string[]): readonly string[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, "runtime/queue", folder)))
    .map((path) => path.slice(root.length + 1));
}

function byId(ended: readonly Archived[]): ReadonlyMap<string, Archived> {
  return new Map(ended.map((one) => [one.id, one]));
}

function faultsOfPromise(found: Archived | undefined, { id, recipient, body }: Promised): readonly string[] {
  if (!found) return [`${id} was promised and is lost`];
  const isSame = found.summary.recipient === recipient && found.message.body === body;
  return isSame ? [] : [`${id} is not the message that was promised`];
}

/** Each delivered message in its one file, and no other file. */
export function faultsOfInboxes(root: string, ended: readonly Archived[]): readonly string[] {
  const files = listed(join(root, "agent_workspaces")).flatMap((agent) =>
    filesBelow(join(root, "agent_workspaces", agent, "inbox")),
  );
  const idIn = (path: string) => ID.exec(basename(path))?.[0] ?? basename(path);
  const known = byId(ended);
  const filed = new Set(files.map(idIn));
  return [
    ...repeated(files.map(idIn)).map((id) => `${id} has two inbox files`),
    ...ended.filter(({ id }) => !filed.has(id)).map(({ id }) => `${id} has no inbox file`),
    ...files.flatMap((path) => {
      const message = known.get(idIn(path));
      return message ? faultsOfInboxFile(path, message) : [`nobody knows the inbox file ${basename(path)}`];
    }),
  ];
}

function faultsOfInboxFile(path: string, { id, summary, message }: Archived): readonly string[] {
  const body = bodyOf(path);
  const isRight =
    body.equals(Buffer.from(message.body)) &&
    createHash("sha256").update(body).digest("hex") === message.sha256 &&
    fieldOf(path, "Message ID") === id &&
    path.includes(`/agent_workspaces/${summary.recipient}/inbox/`);
  return isRight ? [] : [`the inbox file of ${id} does not hold its message`];
}

function faultsOfTracker(root: string, ended: readonly Archived[]): readonly string[] {
  const path = join(root, "runtime/message_delivery_tracking.json");
  const records = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, { status: string }>)
    : {};
  const told = new Set(Object.entries(records).map(([id, { status }]) => `${id} ${status}`));
  const happened = new Set(ended.map(({ id, summary }) => `${id} ${summary.status}`));
  return [
    ...[...told].filter((line) => !happened.has(line)).map((line) => `only the tracker says: ${line}`),
    ...[...happened].filter((line) => !told.has(line)).map((line) => `the tracker does not say: ${line}`),
  ];
}

function halfBroadcasts(ended: readonly Archived[]): readonly string[] {
  const sizes = new Map<string, number>();
  for (const { message } of ended)
    if (message.broadcastId !== null)
      sizes.set(message.broadcastId, (sizes.get(message.broadcastId) ?? 0) + 1);
  // Every broadcast of these tests goes to both agents.
  return [...sizes]
    .filter(([, size]) => size !== 2)
    .map(([id, size]) => `${size} messages of the broadcast ${id}`);
}

/** What a crash may leave for a while, after the housekeeping that has to remove it. */
function leftovers(root: string): readonly string[] {
  const queue = join(root, "runtime/queue");
  return [
    ...["tmp", "keys", "ids"].flatMap((folder) => filesBelow(join(queue, folder))),
    ...filesBelow(root).filter((path) => /\.(tmp|new)$|worker\.(starting|sock)$/.test(path)),
  ].map((path) => `left behind: ${path.slice(root.length + 1)}`);
}

/** Files wider than 0600, folders wider than 0700. What the test itself has made is not looked at. */
function openToOthers(root: string): readonly string[] {
  const own = filesBelow(join(root, "agent_workspaces")).concat(filesBelow(join(root, "runtime")));
  const folders = [join(root, "runtime"), ...foldersBelow(join(root, "runtime"))];
  return [...own, ...folders]
    .filter((path) => (lstatSync(path).mode & 0o077) !== 0)
    .map((path) => `open to others: ${path.slice(root.length + 1)}`);
}

/** What is there more than once. */
export function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

function filesBelow(folder: string): readonly string[] {
  return entriesBelow(folder).flatMap((entry) =>
    entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)],
  );
}

function foldersBelow(folder: string): readonly string[] {
  return entriesBelow(folder).flatMap((entry) =>
    entry.isDirectory() ? [join(entry.parentPath, entry.name)] : [],
  );
}

function entriesBelow(folder: string) {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
}

function listed(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
