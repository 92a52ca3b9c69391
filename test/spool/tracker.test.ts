import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Spool } from "../../src/ports/store.ts";
import { MessageTracker } from "../../src/spool/tracker.ts";
import { trackerRecord, untouchedText, waitingRecord } from "../../src/spool/tracker-record.ts";
import { acceptedMessages, acceptOne, claimFirst, deliverFirst } from "../contract/store.contract.ts";
import { ManualClock } from "../delivery/manual-clock.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { withDisk } from "../support/disk.ts";
import { SpoolWorld } from "./spool-world.ts";

const AGENTS = new Set(["Agent-1", "Agent-2"]);
const ERROR = { code: "focus_lost", message: "m", hint: "h" } as const;
/** As the contract says: true again within a second of any change. */
const SECOND = 1000;

interface Tracked {
  readonly world: SpoolWorld;
  readonly store: Spool;
  readonly clock: ManualClock;
  readonly tracker: MessageTracker;
  now(): number;
  records(): Record<string, Record<string, unknown>>;
}

/** A worker's spool with its tracker, on a clock that moves by hand. */
function tracked(world = new SpoolWorld(), limit = 1000): Tracked {
  const clock = new ManualClock();
  const tracker = new MessageTracker({ root: world.root, limit, clock });
  const store = world.open({ clock, observer: tracker });
  onTestFinished(() => tracker.close());
  const records = () => JSON.parse(readFileSync(world.folders.trackerFile, "utf8"));
  return { world, store, clock, tracker, now: () => clock.now(), records };
}

describe("the tracker", () => {
  test("shows each message as the contract says, from its arrival to its end, within a second of each change", async () => {
    const { store, clock, tracker, now, records, world } = tracked();
    tracker.start();
    const acceptedAt = new Date(now()).toISOString();
    const id = acceptOne(world.open({ clock }), aNewMessage({ priority: "high" }));
    store.scan(AGENTS);
    await clock.pass(SECOND);
    const queued = {
      recipient: "Agent-1",
      sender: "Captain",
      priority: "high",
      timestamp: acceptedAt,
      status: "queued",
      retry_count: 0,
      error: null,
      evidence: [],
      updated_at: acceptedAt,
      delivery_ms: null,
    };
    expect(records()).toEqual({ [id]: queued });
    claimFirst(store, { now });
    const claimedAt = new Date(now()).toISOString();
    await clock.pass(SECOND);
    expect(records()).toEqual({ [id]: { ...queued, status: "delivering", updated_at: claimedAt } });
    store.record(id, { type: "inbox_file", at: now(), file: "x.md" }, false);
    store.settle(id, { type: "delivered", at: now() });
    const ms = now() - Date.parse(acceptedAt);
    const end = {
      status: "delivered",
      evidence: ["inbox_file"],
      updated_at: new Date(now()).toISOString(),
      delivery_ms: ms,
    };
    await clock.pass(SECOND);
    expect(records()).toEqual({ [id]: { ...queued, ...end } });
  });

  test.each([null, 4_102_444_800_000])(
    "says the same of a message that it knows by name as of one that it has read; its time is %s",
    (notBefore) => {
      const { store, world } = tracked();
      const expiresAt = world.now() * 2;
      acceptOne(store, aNewMessage({ sender: "Agent-7", priority: "urgent", expiresAt, notBefore }));
      const [waiting] = store.scan(AGENTS);
      const stored = waiting && store.peek(waiting);
      if (!waiting || !stored) throw new Error("nothing waits");
      const record = trackerRecord(stored);
      expect(JSON.parse(`{${untouchedText(waiting, "Agent-7")}}`)).toEqual({ [waiting.id]: record });
      expect(waitingRecord(waiting, "Agent-7")).toEqual(record);
    },
  );

  test("counts retries and keeps the error of a message that waits for its next attempt", async () => {
    const { store, clock, tracker, now, records } = tracked();
    tracker.start();
    const id = acceptOne(store);
    for (let attempt = 0; attempt < 2; attempt += 1)
      store.settle(claimFirst(store, { now }).message.id, {
        type: "deferred",
        at: now(),
        error: ERROR,
        nextAttemptAt: now(),
      });
    store.scan(AGENTS);
    await clock.pass(SECOND);
    expect(records()[id]).toMatchObject({ status: "queued", retry_count: 1, error: ERROR });
  });

  test("follows what other processes do: cancel, retry, acknowledge", async () => {
    const { store, clock, tracker, now, records, world } = tracked();
    tracker.start();
    const other = world.open({ clock });
    const [cancelled, retried, acknowledged] = [acceptOne(other), acceptOne(other), acceptOne(other)];
    store.scan(AGENTS);
    await clock.pass(SECOND);
    other.cancel(cancelled);
    store.settle(claimFirst(store, { now }).message.id, { type: "failed", at: now(), error: ERROR });
    deliverFirst(store, { now });
    await clock.pass(SECOND);
    other.retryFailed({ isUnconfirmedIncluded: false });
    other.acknowledge(acknowledged, "Agent-1");
    store.scan(AGENTS);
    store.archiveFinished(10);
    await clock.pass(SECOND);
    expect(records()[cancelled]).toMatchObject({ status: "cancelled" });
    expect(records()[retried]).toMatchObject({ status: "queued", retry_count: 0 });
    expect(records()[acknowledged]).toMatchObject({ status: "delivered", evidence: ["acknowledged"] });
    other.acknowledge(retried, "Agent-1");
    await clock.pass(SECOND);
    expect(records()[retried]).toMatchObject({ status: "queued", evidence: ["acknowledged"] });
    claimFirst(store, { now });
    await clock.pass(SECOND);
    expect(records()[retried]).toMatchObject({ status: "delivering", evidence: ["acknowledged"] });
  });

  test("shows an acknowledgement that comes after the message was archived", async () => {
    const { store, clock, tracker, now, records, world } = tracked();
    tracker.start();
    const id = acceptOne(store);
    deliverFirst(store, { now });
    store.archiveFinished(10);
    await clock.pass(SECOND);
    expect(records()[id]?.["evidence"]).toEqual([]);
    world.open({ clock }).acknowledge(id, "Agent-1");
    await clock.pass(SECOND);
    expect(records()[id]?.["evidence"]).toEqual(["acknowledged"]);
  });

  test("forgets a waiting message that turned out to be damaged", async () => {
    const { store, clock, tracker, now, records, world } = tracked();
    tracker.start();
    const id = acceptOne(store);
    const [waiting] = store.scan(AGENTS);
    await clock.pass(SECOND);
    expect(records()).toHaveProperty(id);
    writeFileSync(world.folders.of("new", (waiting as unknown as { file: string }).file), "garbage");
    expect(waiting && store.claim(waiting, { pid: 1, at: now() })).toBeNull();
    store.scan(AGENTS);
    await clock.pass(SECOND);
    expect(records()).toEqual({});
  });

  test("keeps all unfinished messages and the newest finished ones", async () => {
    const { store, clock, tracker, now, records } = tracked(new SpoolWorld(), 3);
    tracker.start();
    const finished = [1, 2, 3, 4, 5].map(() => {
      const id = acceptOne(store);
      deliverFirst(store, { now });
      return id;
    });
    const waiting = acceptedMessages(
      store.accept(
        [1, 2, 3, 4].map(() => aNewMessage()),
        true,
      ),
    ).map(({ message }) => message.id);
    store.scan(AGENTS);
    await clock.pass(SECOND);
    expect(Object.keys(records())).toEqual([...finished.slice(2), ...waiting]);
  });
});

describe("a tracker that starts", () => {
  test("knows what was finished before, from the archive and the spool, newest last, and no more than it keeps", async () => {
    const world = new SpoolWorld();
    const before = world.open();
    const ids = [1, 2, 3, 4].map(() => {
      world.pass(10);
      const id = acceptOne(before);
      deliverFirst(before, world);
      return id;
    });
    before.archiveFinished(2);
    before.archiveFinished(1);
    const failed = acceptOne(before);
    world.pass(10);
    before.settle(claimFirst(before, world).message.id, { type: "failed", at: world.now(), error: ERROR });
    const { clock, tracker, records } = tracked(world, 4);
    tracker.start();
    await clock.pass(SECOND);
    expect(Object.keys(records())).toEqual([...ids.slice(1), failed]);
    expect(records()[failed]).toMatchObject({ status: "failed", error: ERROR });
  });

  test("does not put what it has heard already behind what it reads", async () => {
    const world = new SpoolWorld();
    const before = world.open();
    const early = acceptOne(before);
    deliverFirst(before, world);
    before.archiveFinished(1);
    const { store, clock, tracker, now, records } = tracked(world);
    const late = acceptOne(store);
    deliverFirst(store, { now });
    tracker.start();
    await clock.pass(SECOND);
    expect(Object.keys(records())).toEqual([early, late]);
  });

  test("shows what was cut off as being delivered", async () => {
    const world = new SpoolWorld();
    const dead = world.open();
    const id = acceptOne(dead);
    claimFirst(dead, world);
    const { store, clock, tracker, records } = tracked(world);
    tracker.start();
    store.interrupted();
    await clock.pass(SECOND);
    expect(records()[id]).toMatchObject({ status: "delivering" });
  });
});

describe("the tracker's file", () => {
  test.each([
    ["removed", (path: string) => rmSync(path)],
    ["damaged", (path: string) => writeFileSync(path, "{")],
    [
      "replaced",
      (path: string) => {
        writeFileSync(`${path}.x`, "[]");
        renameSync(`${path}.x`, path);
      },
    ],
  ])("is written anew when it was %s", async (_what, damage) => {
    const { store, clock, tracker, records, world } = tracked();
    tracker.start();
    const id = acceptOne(store);
    store.scan(AGENTS);
    await clock.pass(SECOND);
    damage(world.folders.trackerFile);
    await clock.pass(SECOND);
    expect(Object.keys(records())).toEqual([id]);
  });

  test("is written at most four times a second, and not at all when nothing changes", async () => {
    const { store, clock, tracker, now, world } = tracked();
    tracker.start();
    let writes = 0;
    let last = "";
    const look = () => {
      const stats = statSync(world.folders.trackerFile, { throwIfNoEntry: false });
      if (stats && `${stats.ino} ${stats.mtimeMs}` !== last) writes += 1;
      last = stats ? `${stats.ino} ${stats.mtimeMs}` : "";
    };
    for (let step = 0; step < 100; step += 1) {
      acceptOne(store);
      deliverFirst(store, { now });
      await clock.pass(20);
      look();
    }
    expect(writes).toBeGreaterThanOrEqual(6);
    expect(writes).toBeLessThanOrEqual(9);
    await clock.pass(SECOND);
    look();
    const before = writes;
    await clock.pass(5 * SECOND);
    look();
    expect(writes).toBe(before);
  });

  test("that takes long to write is written less often, so that writing takes a tenth of the time", async () => {
    const world = new SpoolWorld();
    const clock = new ManualClock();
    const begun: number[] = [];
    // Each look at this clock takes 40 ms; a write looks several times.
    let lookedMs = 0;
    const monotonic = () => {
      lookedMs += 40;
      return clock.monotonic() + lookedMs;
    };
    const slow = { now: () => clock.now(), after: clock.after.bind(clock), monotonic };
    const tracker = new MessageTracker({ root: world.root, limit: 10, clock: slow });
    onTestFinished(() => tracker.close());
    const store = world.open({ clock, observer: tracker });
    tracker.start();
    let last = 0;
    for (let step = 0; step < 200; step += 1) {
      acceptOne(store);
      deliverFirst(store, clock);
      await clock.pass(20);
      const ino = statSync(world.folders.trackerFile, { throwIfNoEntry: false })?.ino ?? 0;
      if (ino !== last) begun.push(clock.now());
      last = ino;
    }
    const pauses = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(300);
    expect(pauses.length).toBeGreaterThan(2);
  });

  test("holds the last change when the tracker is closed", () => {
    const { store, tracker, now, records } = tracked();
    tracker.start();
    const id = acceptOne(store);
    deliverFirst(store, { now });
    tracker.close();
    expect(records()[id]).toMatchObject({ status: "delivered" });
  });

  test("is whole or as before when it can't be written, and is tried again", async () => {
    const world = new SpoolWorld();
    const clock = new ManualClock();
    const troubles: string[] = [];
    const tracker = new MessageTracker({
      root: world.root,
      limit: 10,
      clock,
      onTrouble: ({ message }) => troubles.push(message),
    });
    onTestFinished(() => tracker.close());
    const store = world.open({ clock, observer: tracker });
    store.scan(AGENTS);
    tracker.start();
    acceptOne(store);
    store.scan(AGENTS);
    const tick = clock.pass(SECOND);
    await tick;
    const before = readFileSync(world.folders.trackerFile, "utf8");
    acceptOne(store);
    store.scan(AGENTS);
    withDisk(
      ({ operation, proceed }) => {
        if (operation === "writeSync") throw Object.assign(new Error("ENOSPC: full"), { code: "ENOSPC" });
        return proceed();
      },
      () => tracker.close(),
    );
    expect(troubles).toEqual(["ENOSPC: full"]);
    expect(readFileSync(world.folders.trackerFile, "utf8")).toBe(before);
    tracker.start();
    await clock.pass(SECOND);
    expect(Object.keys(JSON.parse(readFileSync(world.folders.trackerFile, "utf8")))).toHaveLength(2);
  });
});
