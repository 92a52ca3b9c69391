import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeliveryError } from "../../src/domain/errors.ts";
import { acceptedMessages, acceptOne, claimFirst, deliverFirst } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { withDisk } from "../support/disk.ts";
import { DiskLedger } from "../support/disk-ledger.ts";
import { archiveLines, filesIn } from "./everywhere.ts";
import { SpoolWorld } from "./spool-world.ts";

const ERROR: DeliveryError = { code: "window_not_found", message: "No window.", hint: "Open it." };

test("an accepted message and its name are on disk when its id is given", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  ledger.watch(() => acceptOne(world.open()));
  const [file = ""] = filesIn(world, "new");
  expect(ledger.isDurable(world.folders.of("new", file))).toBe(true);
  expect(ledger.faults).toEqual([]);
});

test("all messages of a broadcast, their names and that of their folder are on disk when it is accepted", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  const recipients = ["Agent-1", "Agent-2", "Agent-3"].map((recipient) => aNewMessage({ recipient }));
  ledger.watch(() => acceptedMessages(world.open().accept(recipients, true)));
  const [folder = ""] = readdirSync(world.folders.of("new"));
  expect(ledger.isDurable(world.folders.of("new", folder))).toBe(true);
  for (const file of filesIn(world, "new"))
    expect(ledger.isContentDurable(world.folders.of("tmp", folder, file))).toBe(true);
  expect(ledger.faults).toEqual([]);
});

test("the entry of a key is on disk before its message is accepted", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  let wasDurable = false;
  ledger.watch(() =>
    withDisk(
      (call) => {
        const isCommit =
          call.operation === "renameSync" && String(call.args[1]).startsWith(world.folders.of("new"));
        const [entry = "none"] = filesIn(world, "keys");
        if (isCommit) wasDurable = ledger.isDurable(world.folders.of("keys", entry));
        return call.proceed();
      },
      () => acceptOne(world.open(), aNewMessage({ key: "k" })),
    ),
  );
  expect(wasDurable).toBe(true);
});

test("an event that is recorded durably is on disk, and so is the place of its message", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  const store = world.open();
  acceptOne(store);
  ledger.watch(() => {
    const { id } = claimFirst(store, world).message;
    store.record(id, { type: "intent", at: world.now(), window: "w" }, true);
  });
  const [file = ""] = filesIn(world, "active");
  expect(ledger.isDurable(world.folders.of("active", file))).toBe(true);
});

test("an event that need not be durable does not wait for the disk", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  const store = world.open();
  acceptOne(store);
  ledger.watch(() => {
    const { id } = claimFirst(store, world).message;
    store.record(id, { type: "inbox_file", at: world.now(), file: "x" }, false);
  });
  const [file = ""] = filesIn(world, "active");
  expect(ledger.isContentDurable(world.folders.of("active", file))).toBe(false);
});

test.each(["delivered", "failed", "unconfirmed"] as const)(
  "the line that ends a message as %s is on disk before its file moves",
  (type) => {
    const world = new SpoolWorld();
    const ledger = new DiskLedger();
    const store = world.open();
    acceptOne(store);
    const { id } = claimFirst(store, world).message;
    ledger.watch(() =>
      store.settle(
        id,
        type === "delivered" ? { type, at: world.now() } : { type, at: world.now(), error: ERROR },
      ),
    );
    expect(ledger.faults).toEqual([]);
    const [file = ""] = filesIn(world, type === "delivered" ? "done" : type);
    expect(ledger.isContentDurable(world.folders.of("active", file))).toBe(true);
  },
);

test("a retried message and a cancelled one are on disk where they belong before anybody is told", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  const store = world.open();
  acceptOne(store);
  store.settle(claimFirst(store, world).message.id, { type: "failed", at: world.now(), error: ERROR });
  const [id = ""] = ledger.watch(() => store.retryFailed({ isUnconfirmedIncluded: false }));
  expect(ledger.isDurable(world.folders.of("new", filesIn(world, "new")[0] ?? ""))).toBe(true);
  ledger.watch(() => store.cancel(id));
  expect(ledger.isDurable(world.folders.of("done", filesIn(world, "done")[0] ?? ""))).toBe(true);
});

test("an acknowledgement is on disk before anybody is told", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  const store = world.open();
  const id = acceptOne(store);
  ledger.watch(() => store.acknowledge(id, "Agent-1"));
  expect(ledger.isDurable(world.folders.of("acks", `${id}.json`))).toBe(true);
  expect(ledger.faults).toEqual([]);
});

test("a message leaves the spool only when its line in the archive is on disk", () => {
  const world = new SpoolWorld();
  const ledger = new DiskLedger();
  const store = world.open();
  acceptOne(store);
  deliverFirst(store, world);
  const month = join(world.folders.archive, "2026-01.ndjson");
  const wasDurable: boolean[] = [];
  ledger.watch(() =>
    withDisk(
      (call) => {
        if (call.operation === "unlinkSync") wasDurable.push(ledger.isDurable(month));
        return call.proceed();
      },
      () => store.archiveFinished(10),
    ),
  );
  expect(wasDurable).toEqual([true]);
  expect(archiveLines(world)).toHaveLength(1);
});
