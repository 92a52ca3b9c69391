import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readOverview } from "../../src/spool/overview.ts";
import { acceptOne, claimFirst, deliverFirst } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { archiveLines, filesIn } from "./everywhere.ts";
import { SpoolWorld } from "./spool-world.ts";

const DEEP = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const DAY_MS = 24 * 60 * 60 * 1000;

function archived(world: SpoolWorld, count: number): readonly string[] {
  const store = world.open();
  const ids = Array.from({ length: count }, () => acceptOne(store));
  for (const _ of ids) deliverFirst(store, world);
  while (store.archiveFinished(100) > 0);
  return ids;
}

test("the archive has a file for each month in which messages were archived, with a line for each message", () => {
  const world = new SpoolWorld();
  archived(world, 2);
  world.pass(31 * DAY_MS);
  archived(world, 1);
  expect(readdirSync(world.folders.archive).sort()).toEqual([
    "2026-01.ndjson",
    "2026-02.ndjson",
    "totals.json",
  ]);
  expect(archiveLines(world)).toHaveLength(3);
});

test("a line of the archive holds the whole message, its events, and a summary as the tracker shows it", () => {
  const world = new SpoolWorld();
  const [id = ""] = archived(world, 1);
  const line = JSON.parse(archiveLines(world)[0] ?? "");
  expect(line).toMatchObject({
    schema: 1,
    id,
    message: { id, body: "Hello" },
    summary: { status: "delivered", recipient: "Agent-1" },
  });
  expect(line.events.map(({ type }: { type: string }) => type)).toEqual(["claimed", "delivered"]);
});

test("a message is found in the month after the one in which it was accepted", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const id = acceptOne(store);
  world.pass(40 * DAY_MS);
  deliverFirst(store, world);
  store.archiveFinished(10);
  expect(world.open().find(id)?.state.status).toBe("delivered");
});

test("a message whose body names another one's archive line is not mistaken for it", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const missing = "msg_20260102_030405_00000000";
  acceptOne(store, aNewMessage({ body: `\n{"schema":1,"id":"${missing}",` }));
  deliverFirst(store, world);
  store.archiveFinished(10);
  expect(store.find(missing)).toBeNull();
});

test("a torn last line of the archive is cut off, and nothing is joined to it", () => {
  const world = new SpoolWorld();
  const ids = archived(world, 1);
  appendFileSync(join(world.folders.archive, "2026-01.ndjson"), '{"schema":1,"id":"msg_2026');
  ids.concat(archived(world, 1));
  expect(archiveLines(world).map((line) => JSON.parse(line).id)).toHaveLength(2);
  for (const id of ids) expect(world.open().find(id)).not.toBeNull();
});

test("a damaged line of the archive hides itself only", () => {
  const world = new SpoolWorld();
  const [first = ""] = archived(world, 1);
  appendFileSync(
    join(world.folders.archive, "2026-01.ndjson"),
    `{"schema":1,"id":"${first}",damaged\nnoise\n`,
  );
  const [second = ""] = archived(world, 1);
  expect(world.open().find(second)?.message.id).toBe(second);
  expect(readOverview(world.root, 5).counts.delivered).toBe(2);
});

test.each([
  ["missing", (path: string) => rmSync(path)],
  ["damaged", (path: string) => writeFileSync(path, "{")],
  ["empty", (path: string) => truncateSync(path, 0)],
  [
    "of wrong numbers that go too far",
    (path: string) => writeFileSync(path, '{"months":{"2026-01":{"bytes":"x"}}}'),
  ],
  [
    "of counts with a field without end beside them",
    (path: string) => {
      const { months } = JSON.parse(readFileSync(path, "utf8"));
      const deep = JSON.stringify(months).replace('{"bytes"', () => `{"deep":${DEEP},"bytes"`);
      writeFileSync(path, `{"months":${deep}}`);
    },
  ],
])("totals that are %s are counted again", (_what, damage) => {
  const world = new SpoolWorld();
  archived(world, 3);
  damage(join(world.folders.archive, "totals.json"));
  expect(readOverview(world.root, 5).counts.delivered).toBe(3);
  archived(world, 1);
  expect(readOverview(world.root, 5).counts.delivered).toBe(4);
});

test("totals spare whoever reads them the lines that they account for", () => {
  const world = new SpoolWorld();
  archived(world, 3);
  const { months } = JSON.parse(readFileSync(join(world.folders.archive, "totals.json"), "utf8"));
  const bytes = readFileSync(join(world.folders.archive, "2026-01.ndjson")).length;
  expect(months).toEqual({ "2026-01": { bytes, delivered: 3, cancelled: 0, expired: 0 } });
});

test("cancelled and expired messages are counted as such, before and after they are archived", () => {
  const world = new SpoolWorld();
  const store = world.open();
  store.cancel(acceptOne(store));
  const expiring = acceptOne(store);
  store.scan(new Set());
  store.settle(expiring, { type: "expired", at: world.now() });
  const counts = { queued: 0, delivered: 0, cancelled: 1, expired: 1 };
  expect(readOverview(world.root, 5).counts).toMatchObject(counts);
  expect(store.archiveFinished(10)).toBe(2);
  expect(readOverview(world.root, 5).counts).toMatchObject(counts);
});

test("what a summary can't hold in its first bytes is still counted and found", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const id = acceptOne(store);
  const error = { code: "focus_lost", message: "long ".repeat(1000), hint: "h" } as const;
  store.settle(claimFirst(store, world).message.id, { type: "deferred", at: 1, error, nextAttemptAt: 0 });
  store.cancel(id);
  store.archiveFinished(10);
  rmSync(join(world.folders.archive, "totals.json"));
  expect(readOverview(world.root, 5).counts.cancelled).toBe(1);
  expect(store.find(id)?.state.error?.message).toBe(error.message);
});

test("many large messages are archived without being held in memory together", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const body = "x".repeat(1 << 20);
  for (let count = 0; count < 12; count += 1) acceptOne(store, aNewMessage({ body }));
  for (let count = 0; count < 12; count += 1) deliverFirst(store, world);
  expect(store.archiveFinished(100)).toBe(12);
  expect(filesIn(world, "done")).toEqual([]);
  expect(archiveLines(world)).toHaveLength(12);
});

/** The file system knows the true time only. */
function ackOf(world: SpoolWorld, id: string): string {
  const path = join(world.folders.queue, "acks", `${id}.json`);
  utimesSync(path, world.now() / 1000, world.now() / 1000);
  return path;
}

test("an acknowledgement is kept as long as its message, in the archive or among those that were never proven", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const unproven = acceptOne(store);
  const error = { code: "focus_lost", message: "m", hint: "h" } as const;
  store.settle(claimFirst(store, world).message.id, { type: "unconfirmed", at: world.now(), error });
  const [delivered = ""] = archived(world, 1);
  const paths = [unproven, delivered].map((id) => {
    store.acknowledge(id, "Agent-1");
    return ackOf(world, id);
  });
  // Accepted on the second day of a month of 31 days: its file goes 90 days after the end of that month.
  world.pass(110 * DAY_MS);
  store.sweep();
  for (const id of [unproven, delivered]) expect(store.find(id)?.state.evidence).toContain("acknowledged");
  world.pass(12 * DAY_MS);
  store.sweep();
  expect(store.find(delivered)).toBeNull();
  expect(paths.map((path) => existsSync(path))).toEqual([true, false]);
});

test("a key holds for a day also where nothing is to be kept and the month ends", () => {
  const world = new SpoolWorld();
  const lastEvening = Date.parse("2026-01-31T23:50:00Z");
  world.pass(lastEvening - world.now());
  const store = world.open({ archiveMs: 0 });
  const asked = aNewMessage({ key: "once" });
  const id = acceptOne(store, asked);
  deliverFirst(store, world);
  store.archiveFinished(10);
  world.pass(20 * 60_000);
  store.sweep();
  expect(acceptOne(store, asked)).toBe(id);
  world.pass(DAY_MS);
  store.sweep();
  expect(store.find(id)).toBeNull();
  expect(acceptOne(store, asked)).not.toBe(id);
});
