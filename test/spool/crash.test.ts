import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeliveryError } from "../../src/domain/errors.ts";
import { isFinished } from "../../src/domain/status.ts";
import type { Spool } from "../../src/ports/store.ts";
import { readOverview } from "../../src/spool/overview.ts";
import { acceptedMessages, acceptOne, claimFirst, deliverFirst, idsOf } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { diesAt } from "../support/disk.ts";
import { archiveLines, filesIn, placesOf } from "./everywhere.ts";
import { SpoolWorld } from "./spool-world.ts";

const AGENTS = new Set(["Agent-1", "Agent-2"]);
const ERROR: DeliveryError = { code: "window_not_found", message: "No window.", hint: "Open it." };
const HOUR_MS = 60 * 60 * 1000;

/** Lets `run` die at each of its steps in turn, in a world of its own each, and checks what is left. Ends after the run that lived. */
function atEveryStep(
  prepare: (world: SpoolWorld) => void,
  run: (world: SpoolWorld) => unknown,
  check: (world: SpoolWorld, hasDied: boolean) => void,
): number {
  for (let step = 1; ; step += 1) {
    const world = new SpoolWorld();
    prepare(world);
    const hasDied = diesAt(step, () => run(world));
    check(world, hasDied);
    if (!hasDied) return step - 1;
  }
}

/** What a new worker does first: ends what was cut off, so that it waits again. */
function recover(store: Spool, world: SpoolWorld): void {
  for (const { message } of store.interrupted())
    store.settle(message.id, { type: "deferred", at: world.now(), error: ERROR, nextAttemptAt: world.now() });
}

function deliverAll(world: SpoolWorld): void {
  const store = world.open();
  recover(store, world);
  while (store.scan(AGENTS).length > 0) deliverFirst(store, world);
  while (store.archiveFinished(10) > 0);
}

function nothing(): void {
  // No preparation.
}

describe("a crash at any step", () => {
  test("of accepting leaves the whole message or none", () => {
    const steps = atEveryStep(
      nothing,
      (world) => world.open().accept([aNewMessage()], false),
      (world, hasDied) => {
        const waiting = world.open().scan(AGENTS);
        expect(waiting.length).toBeLessThanOrEqual(1);
        if (!hasDied) expect(waiting).toHaveLength(1);
        for (const { id } of waiting) expect(world.open().find(id)?.message.body).toBe("Hello");
        expect(filesIn(world, "bad")).toEqual([]);
        expect(acceptOne(world.open())).not.toBe(waiting[0]?.id);
      },
    );
    expect(steps).toBeGreaterThan(5);
  });

  test("of accepting a broadcast leaves all of its messages or none", () => {
    const messages = ["Agent-1", "Agent-2", "Agent-3"].map((recipient) => aNewMessage({ recipient }));
    atEveryStep(
      nothing,
      (world) => world.open().accept(messages, true),
      (world, hasDied) => {
        const waiting = world.open().scan(AGENTS);
        expect([0, 3]).toContain(waiting.length);
        if (!hasDied) expect(waiting).toHaveLength(3);
        expect(filesIn(world, "bad")).toEqual([]);
      },
    );
  });

  test("of accepting with a key never lets the repetition make a second one, nor lose it", () => {
    const asked = [aNewMessage({ key: "k" }), aNewMessage({ key: "k", recipient: "Agent-2" })];
    atEveryStep(
      nothing,
      (world) => world.open().accept(asked, true),
      (world) => {
        const before = idsOf(world.open().scan(AGENTS));
        const accepted = acceptedMessages(world.open().accept(asked, true));
        expect(new Set(idsOf(world.open().scan(AGENTS)))).toEqual(
          new Set(accepted.map(({ message }) => message.id)),
        );
        expect(accepted.map(({ isDuplicate }) => isDuplicate)).toEqual(
          before.length === 2 ? [true, true] : [false, false],
        );
      },
    );
  });

  test("leaves temporary files that the sweep removes an hour later, and nothing else", () => {
    atEveryStep(
      nothing,
      (world) => world.open().accept([aNewMessage(), aNewMessage()], true),
      (world) => {
        const waiting = world.open().scan(AGENTS).length;
        world.pass(Date.now() - world.now() + 2 * HOUR_MS);
        world.open().sweep();
        expect(filesIn(world, "tmp")).toEqual([]);
        expect(world.open().scan(AGENTS)).toHaveLength(waiting);
      },
    );
  });

  test("of an attempt leaves the message in one place, and the next worker ends it", () => {
    atEveryStep(
      (world) => acceptOne(world.open()),
      (world) => {
        const store = world.open();
        const { id } = claimFirst(store, world).message;
        store.record(id, { type: "inbox_file", at: world.now(), file: "inbox/x.md" }, false);
        store.record(id, { type: "intent", at: world.now(), window: "w" }, true);
        store.record(id, { type: "typed", at: world.now(), ms: 1 }, true);
        store.settle(id, { type: "delivered", at: world.now() });
      },
      (world) => {
        const [name = ""] = [
          ...filesIn(world, "new"),
          ...filesIn(world, "active"),
          ...filesIn(world, "done"),
        ];
        const id = /msg_\w+/.exec(name)?.[0].slice(0, 28) ?? "";
        expect(placesOf(world, id)).toHaveLength(1);
        expect(world.open().find(id)).not.toBeNull();
        deliverAll(world);
        expect(placesOf(world, id)).toEqual(["archive"]);
        expect(world.open().find(id)?.state.status).toBe("delivered");
        expect(filesIn(world, "bad")).toEqual([]);
      },
    );
  });

  test("after `typed` was recorded leaves the message cut off at that step, never waiting", () => {
    atEveryStep(
      (world) => acceptOne(world.open()),
      (world) => {
        const store = world.open();
        const { id } = claimFirst(store, world).message;
        store.record(id, { type: "intent", at: world.now(), window: "w" }, true);
        store.record(id, { type: "typed", at: world.now(), ms: 1 }, true);
        writeFileSync(join(world.root, "pressed-enter"), "");
        store.settle(id, { type: "delivered", at: world.now() });
      },
      (world, hasDied) => {
        const hasPressed = filesIn(world, "..").length > 0 && isThere(join(world.root, "pressed-enter"));
        const store = world.open();
        const interrupted = store.interrupted();
        const waiting = store.scan(AGENTS);
        if (hasPressed) expect(waiting).toEqual([]);
        if (hasPressed && interrupted.length > 0) expect(interrupted[0]?.state.step).toBe("typed");
        if (!hasDied) expect(interrupted).toEqual([]);
      },
    );
  });

  test("of `retry-failed` leaves a dead letter or a waiting message, and never both", () => {
    atEveryStep(
      (world) => {
        const store = world.open();
        acceptOne(store);
        store.settle(claimFirst(store, world).message.id, { type: "failed", at: world.now(), error: ERROR });
      },
      (world) => world.open().retryFailed({ isUnconfirmedIncluded: false }),
      (world, hasDied) => {
        const failed = filesIn(world, "failed").length;
        const waiting = world.open().scan(AGENTS).length;
        expect([failed, waiting]).toEqual(waiting === 1 ? [0, 1] : [1, 0]);
        if (!hasDied) expect(waiting).toBe(1);
        world.open().retryFailed({ isUnconfirmedIncluded: false });
        deliverAll(world);
        expect(archiveLines(world)).toHaveLength(1);
      },
    );
  });

  test("of the claim of a retried message does not forget that it was retried", () => {
    atEveryStep(
      (world) => {
        const store = world.open();
        acceptOne(store);
        store.settle(claimFirst(store, world).message.id, {
          type: "unconfirmed",
          at: world.now(),
          error: ERROR,
        });
        store.retryFailed({ isUnconfirmedIncluded: true });
      },
      (world) => claimFirst(world.open(), world),
      (world) => {
        const store = world.open();
        recover(store, world);
        expect(store.scan(AGENTS)).toHaveLength(1);
        expect(claimFirst(store, world).events.filter(({ type }) => type === "retried")).toHaveLength(1);
      },
    );
  });

  test("of `cancel` leaves the message cancelled or waiting", () => {
    atEveryStep(
      (world) => acceptOne(world.open()),
      (world) => world.open().cancel(/msg_\w{24}/.exec(filesIn(world, "new")[0] ?? "")?.[0] ?? ""),
      (world, hasDied) => {
        const store = world.open();
        const isWaiting = store.scan(AGENTS).length === 1;
        if (!hasDied) expect(isWaiting).toBe(false);
        while (store.archiveFinished(10) > 0);
        expect(archiveLines(world)).toHaveLength(isWaiting ? 0 : 1);
        for (const line of archiveLines(world)) expect(JSON.parse(line).summary.status).toBe("cancelled");
      },
    );
  });

  test("of archiving leaves each message in the archive once, and the totals right", () => {
    atEveryStep(
      (world) => {
        const store = world.open();
        for (let count = 0; count < 3; count += 1) acceptOne(store);
        store.acknowledge(store.scan(AGENTS)[0]?.id ?? "", "Agent-1");
        for (let count = 0; count < 3; count += 1) deliverFirst(store, world);
        store.archiveFinished(1);
      },
      (world) => world.open().archiveFinished(10),
      (world) => {
        while (world.open().archiveFinished(10) > 0);
        world.open().archiveFinished(10);
        const ids = archiveLines(world).map((line) => JSON.parse(line).id);
        expect(ids).toHaveLength(3);
        expect(new Set(ids).size).toBe(3);
        expect(readOverview(world.root, 5).counts.delivered).toBe(3);
        expect(filesIn(world, "done")).toEqual([]);
        expect(ids.map((id) => world.open().find(id)?.state.evidence.length).sort()).toEqual([0, 0, 1]);
      },
    );
  });

  test("of taking in a dropped file loses it never and doubles it never", () => {
    atEveryStep(
      (world) => {
        world.open().scan(AGENTS);
        for (const name of ["a", "b"]) {
          const path = world.folders.of("tmp", `${name}.json`);
          writeFileSync(path, JSON.stringify({ recipient: "Agent-1", body: `from ${name}` }));
          renameSync(path, world.folders.of("drop", `${name}.json`));
        }
      },
      (world) => world.open().scan(AGENTS),
      (world) => {
        const store = world.open();
        store.scan(AGENTS);
        const bodies = store.scan(AGENTS).map(({ id }) => store.find(id)?.message.body);
        expect(bodies.sort()).toEqual(["from a", "from b"]);
        expect([...filesIn(world, "drop"), ...filesIn(world, "tmp"), ...filesIn(world, "bad")]).toEqual([]);
      },
    );
  });

  test("of delivery, recovery and archiving, again and again, ends every message exactly once", () => {
    const deaths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 });
    fc.assert(
      fc.property(deaths, (steps) => {
        const world = new SpoolWorld();
        const accepted = acceptedMessages(
          world.open().accept(
            [1, 2, 3].map(() => aNewMessage()),
            true,
          ),
        );
        for (const step of steps) diesAt(step, () => deliverAll(world));
        deliverAll(world);
        for (const { message } of accepted) {
          expect(placesOf(world, message.id)).toEqual(["archive"]);
          expect(isFinished(world.open().find(message.id)?.state.status ?? "queued")).toBe(true);
        }
        expect(readOverview(world.root, 5).counts.delivered).toBe(3);
      }),
      { numRuns: 40 },
    );
  });
});

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
