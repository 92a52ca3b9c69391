import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Archive } from "../../src/spool/archive.ts";
import { readOverview } from "../../src/spool/overview.ts";
import { acceptedMessages, acceptOne, claimFirst } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { SpoolWorld } from "./spool-world.ts";

const ERROR = { code: "focus_lost", message: "m", hint: "h" } as const;

test("an empty workspace has an empty overview, and looking creates nothing", () => {
  const world = new SpoolWorld();
  const overview = readOverview(world.root, 5);
  expect(overview).toMatchObject({
    agents: new Map(),
    oldestWaitingAt: null,
    drops: 0,
    bad: { files: [], total: 0 },
    messages: [],
  });
  expect(Object.values(overview.counts)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(() => mkdirSync(world.folders.runtime)).not.toThrow();
});

test("every state is counted, in all and by agent", () => {
  const world = new SpoolWorld();
  const store = world.open();
  for (const type of ["failed", "unconfirmed"] as const) {
    acceptOne(store);
    store.settle(claimFirst(store, world).message.id, { type, at: 1, error: ERROR });
  }
  acceptOne(store, aNewMessage({ recipient: "Agent-2" }));
  claimFirst(store, world);
  const oldest = world.now();
  acceptedMessages(store.accept([aNewMessage(), aNewMessage({ recipient: "Agent-2" })], true));
  const notBefore = oldest + 1000;
  acceptOne(store, aNewMessage({ recipient: "Agent-2", notBefore }));
  const { counts, agents, oldestWaitingAt } = readOverview(world.root, 5, notBefore - 1);
  expect(counts).toMatchObject({ queued: 3, delivering: 1, failed: 1, unconfirmed: 1, delivered: 0 });
  expect(Object.fromEntries(agents)).toEqual({
    "Agent-1": { queued: 1, scheduled: 0, delivering: 0, failed: 1, unconfirmed: 1 },
    "Agent-2": { queued: 2, scheduled: 1, delivering: 1, failed: 0, unconfirmed: 0 },
  });
  expect(oldestWaitingAt).toBe(oldest);
});

test("what waits for its time waits since then, and is none that waits before", () => {
  const world = new SpoolWorld();
  const notBefore = world.now() + 60_000;
  acceptOne(world.open(), aNewMessage({ notBefore }));
  expect(readOverview(world.root, 0, notBefore - 1).oldestWaitingAt).toBeNull();
  const { oldestWaitingAt, agents } = readOverview(world.root, 0, notBefore);
  expect(oldestWaitingAt).toBe(notBefore);
  expect(agents.get("Agent-1")).toMatchObject({ queued: 1, scheduled: 0 });
});

test("the messages shown are those under way, then the newest ended badly, then the next in line, each up to the limit", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const failed = [1, 2, 3].map(() => {
    const id = acceptOne(store);
    store.settle(claimFirst(store, world).message.id, { type: "failed", at: 1, error: ERROR });
    return id;
  });
  const active = acceptOne(store);
  claimFirst(store, world);
  const waiting = (["normal", "urgent", "high", "normal"] as const).map((priority) =>
    acceptOne(store, aNewMessage({ priority })),
  );
  const { messages } = readOverview(world.root, 2);
  expect(messages.map(({ message }) => message.id)).toEqual([
    active,
    failed[2],
    failed[1],
    waiting[1],
    waiting[2],
  ]);
});

test("parked files are shown with their reasons, and counted beyond the limit", () => {
  const world = new SpoolWorld();
  world.folders.prepare();
  for (const name of ["a", "b", "c"]) writeFileSync(world.folders.of("new", name), "x");
  world.open().scan(new Set());
  const { bad } = readOverview(world.root, 2);
  expect(bad.total).toBe(3);
  expect(bad.files).toEqual([
    { file: "a", reason: "its name is not that of a message file" },
    { file: "b", reason: "its name is not that of a message file" },
  ]);
});

test("a message counts once while its line is in the archive and its file not yet gone", () => {
  const world = new SpoolWorld();
  const store = world.open();
  for (let i = 0; i < 3; i++) {
    acceptOne(store);
    store.settle(claimFirst(store, world).message.id, { type: "delivered", at: 1 });
  }
  const done = world.folders.of("done");
  const files = readdirSync(done).map((name) => [join(done, name), readFileSync(join(done, name))] as const);
  new Archive(world.folders, { now: () => Date.now() }).archive(100, () => undefined);
  expect(readOverview(world.root, 5).counts.delivered).toBe(3);
  // As it is in the middle of a batch: the lines are there, the files as well, and the totals not yet written.
  rmSync(join(world.folders.archive, "totals.json"));
  for (const [path, content] of files.slice(1)) writeFileSync(path, content);
  expect(readOverview(world.root, 5).counts.delivered).toBe(3);
});
