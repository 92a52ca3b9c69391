/** What any store must do, whatever it keeps its messages in. Run on the spool in test/spool/store-contract.test.ts. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { MessageEvent } from "../../src/domain/events.ts";
import { MESSAGE_ID, PRIORITIES } from "../../src/domain/message.ts";
import type {
  AcceptResult,
  DeadLetterSelection,
  NewMessage,
  Spool,
  StoredMessage,
  Waiting,
} from "../../src/ports/store.ts";
import { aNewMessage } from "../delivery/messages.ts";

export interface StoreWorld {
  /** Opens the store as another process would: what was stored by one opening is there for the next. */
  open(limits?: { readonly maxWaiting?: number }): Spool;
  /** Milliseconds since 1970, as the store sees it. */
  now(): number;
  pass(ms: number): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;
const AGENTS = new Set(["Agent-1", "Agent-2"]);
const ERROR: DeliveryError = {
  code: "window_not_found",
  message: "There is no such window.",
  hint: "Open it.",
};
const UNKNOWN_ID = "msg_20200101_000000_00000000";

export function describeStore(name: string, freshWorld: () => StoreWorld): void {
  describe(name, () => {
    describeAccepting(freshWorld);
    describeKeys(freshWorld);
    describeOrder(freshWorld);
    describeDelivering(freshWorld);
    describeRecovery(freshWorld);
    describeCancelling(freshWorld);
    describeRetrying(freshWorld);
    describeAcknowledging(freshWorld);
    describeArchiving(freshWorld);
  });
}

function describeAccepting(freshWorld: () => StoreWorld): void {
  describe("accepting", () => {
    test("gives a message its id, time and hash, and another opening finds it in full", () => {
      const world = freshWorld();
      const asked = aNewMessage({
        body: "Ünï 🧑‍💻\n\tcode",
        priority: "high",
        expiresAt: world.now() + DAY_MS,
      });
      const [accepted] = acceptedMessages(world.open().accept([asked], false));
      expect(accepted?.isDuplicate).toBe(false);
      expect(accepted?.message).toMatchObject({ ...asked, broadcastId: null, acceptedAt: world.now() });
      expect(accepted?.message.id).toMatch(MESSAGE_ID);
      expect(accepted?.message.sha256).toBe(createHash("sha256").update(asked.body).digest("hex"));
      const found = world.open().find(accepted?.message.id ?? "");
      expect(found?.message).toEqual(accepted?.message);
      expect(found?.events).toEqual([]);
      expect(found?.state.status).toBe("queued");
    });

    test("gives the messages of a broadcast one broadcast id, and each an id of its own", () => {
      const world = freshWorld();
      const store = world.open();
      const recipients = ["Agent-1", "Agent-2", "Agent-3"];
      const messages = acceptedMessages(
        store.accept(
          recipients.map((recipient) => aNewMessage({ recipient })),
          true,
        ),
      );
      const ids = new Set(messages.map(({ message }) => message.id));
      const broadcastIds = new Set(messages.map(({ message }) => message.broadcastId));
      expect(messages.map(({ message }) => message.recipient)).toEqual(recipients);
      expect(ids.size).toBe(3);
      expect(broadcastIds.size).toBe(1);
      expect([...broadcastIds][0]).toMatch(/^bc_/);
      expect(idsOf(world.open().scan(AGENTS))).toEqual([...ids]);
    });

    test("refuses more than may wait, and then has accepted none of them", () => {
      const world = freshWorld();
      const store = world.open({ maxWaiting: 3 });
      acceptedMessages(store.accept([aNewMessage(), aNewMessage()], true));
      expect(store.accept([aNewMessage(), aNewMessage()], true)).toEqual({ kind: "full", limit: 3 });
      expect(store.scan(AGENTS)).toHaveLength(2);
      expect(acceptOne(store)).toMatch(MESSAGE_ID);
    });

    test("has room again when a message was delivered", () => {
      const world = freshWorld();
      const store = world.open({ maxWaiting: 1 });
      acceptOne(store);
      expect(store.accept([aNewMessage()], false).kind).toBe("full");
      claimFirst(store, world);
      expect(store.accept([aNewMessage()], false).kind).toBe("accepted");
    });

    test("finds nothing under an id that was never given", () => {
      const store = freshWorld().open();
      expect(store.find(UNKNOWN_ID)).toBeNull();
      expect(store.find("../../etc/passwd")).toBeNull();
    });

    test("suggests ids that begin like what was asked for, or differ a little", () => {
      const store = freshWorld().open();
      const id = acceptOne(store);
      const last = id.at(-1) === "0" ? "1" : "0";
      expect(store.similarIds(id.slice(0, -3))).toEqual([id]);
      expect(store.similarIds(id.slice(0, -1) + last)).toEqual([id]);
      expect(store.similarIds("something else")).toEqual([]);
    });
  });
}

function describeKeys(freshWorld: () => StoreWorld): void {
  describe("deduplication keys", () => {
    test("answer a repeated message with the first one for a day", () => {
      const world = freshWorld();
      const asked = aNewMessage({ key: "build-17" });
      const first = acceptOne(world.open(), asked);
      world.pass(DAY_MS - 1);
      const [second] = acceptedMessages(world.open().accept([asked], false));
      expect(second).toMatchObject({ isDuplicate: true, message: { id: first } });
      expect(world.open().scan(AGENTS)).toHaveLength(1);
    });

    test("are free again after a day", () => {
      const world = freshWorld();
      const asked = aNewMessage({ key: "build-17" });
      const first = acceptOne(world.open(), asked);
      world.pass(DAY_MS);
      expect(acceptOne(world.open(), asked)).not.toBe(first);
    });

    test("count for each recipient by itself", () => {
      const store = freshWorld().open();
      const messages = ["Agent-1", "Agent-2"].map((recipient) => aNewMessage({ recipient, key: "k" }));
      const accepted = acceptedMessages(store.accept(messages, true));
      expect(accepted.map(({ isDuplicate }) => isDuplicate)).toEqual([false, false]);
    });

    test("refuse another body, and then nothing of a broadcast is accepted", () => {
      const store = freshWorld().open();
      const id = acceptOne(store, aNewMessage({ recipient: "Agent-2", key: "k", body: "one" }));
      const messages = ["Agent-1", "Agent-2"].map((recipient) =>
        aNewMessage({ recipient, key: "k", body: "two" }),
      );
      expect(store.accept(messages, true)).toEqual({
        kind: "key_conflict",
        key: "k",
        recipient: "Agent-2",
        id,
      });
      expect(idsOf(store.scan(AGENTS))).toEqual([id]);
    });

    test("queue only what is new of a broadcast that was sent in part before", () => {
      const store = freshWorld().open();
      const first = acceptOne(store, aNewMessage({ recipient: "Agent-2", key: "k" }));
      const messages = ["Agent-1", "Agent-2"].map((recipient) => aNewMessage({ recipient, key: "k" }));
      const accepted = acceptedMessages(store.accept(messages, true));
      expect(accepted.map(({ isDuplicate }) => isDuplicate)).toEqual([false, true]);
      expect(accepted[1]?.message.id).toBe(first);
      expect(store.scan(AGENTS)).toHaveLength(2);
    });

    test("hold within one call, too", () => {
      const store = freshWorld().open();
      const asked = aNewMessage({ key: "k" });
      const [one, two] = acceptedMessages(store.accept([asked, asked], false));
      expect(two).toEqual({ message: one?.message, isDuplicate: true });
      expect(
        store.accept([aNewMessage({ key: "l", body: "a" }), aNewMessage({ key: "l", body: "b" })], false)
          .kind,
      ).toBe("key_conflict");
    });

    test("still answer when the first message was delivered and archived", () => {
      const world = freshWorld();
      const store = world.open();
      const asked = aNewMessage({ key: "k" });
      const id = acceptOne(store, asked);
      deliverFirst(store, world);
      store.archiveFinished(10);
      expect(acceptedMessages(world.open().accept([asked], false))).toMatchObject([
        { isDuplicate: true, message: { id } },
      ]);
    });
  });
}

function describeOrder(freshWorld: () => StoreWorld): void {
  describe("order", () => {
    test("is by priority, and by acceptance within one, however the messages came", () => {
      const batches = fc.array(
        fc.record({
          priorities: fc.array(fc.constantFrom(...PRIORITIES), { minLength: 1, maxLength: 4 }),
          isBroadcast: fc.boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      );
      fc.assert(
        fc.property(batches, (all) => {
          const world = freshWorld();
          const accepted = all.flatMap(({ priorities, isBroadcast }) => {
            const messages = priorities.map((priority) => aNewMessage({ priority }));
            world.pass(1); // processes within one millisecond have no order
            return acceptedMessages(world.open().accept(messages, isBroadcast));
          });
          const wanted = PRIORITIES.flatMap((priority) =>
            accepted.filter(({ message }) => message.priority === priority),
          );
          expect(idsOf(world.open().scan(AGENTS))).toEqual(wanted.map(({ message }) => message.id));
        }),
        { numRuns: 15 },
      );
    });

    test("tells what waits without opening it", () => {
      const world = freshWorld();
      const store = world.open();
      const expiresAt = world.now() + MINUTE_MS;
      const id = acceptOne(store, aNewMessage({ recipient: "Agent-2", priority: "urgent", expiresAt }));
      expect(store.scan(AGENTS)).toMatchObject([{ id, recipient: "Agent-2", priority: "urgent", expiresAt }]);
    });

    test("of a message with a time of its own is that of one that is accepted then", () => {
      const world = freshWorld();
      const store = world.open();
      const notBefore = world.now() + MINUTE_MS;
      const later = acceptOne(store, aNewMessage({ notBefore }));
      const now = acceptOne(store);
      const urgentLater = acceptOne(store, aNewMessage({ notBefore, priority: "urgent" }));
      expect(idsOf(store.scan(AGENTS))).toEqual([urgentLater, now, later]);
      expect(store.scan(AGENTS)[2]).toMatchObject({ id: later, notBefore });
      expect(world.open().find(later)?.message.notBefore).toBe(notBefore);
    });

    test("of a message that is tried again is what it was", () => {
      const world = freshWorld();
      const store = world.open();
      const [first, second] = [acceptOne(store), acceptOne(store)];
      const claimed = claimFirst(store, world);
      store.settle(claimed.message.id, {
        type: "deferred",
        at: world.now(),
        error: ERROR,
        nextAttemptAt: world.now(),
      });
      expect(idsOf(store.scan(AGENTS))).toEqual([first, second]);
      expect(idsOf(world.open().scan(AGENTS))).toEqual([first, second]);
    });
  });
}

function describeDelivering(freshWorld: () => StoreWorld): void {
  describe("delivering", () => {
    test("gives a waiting message to one claim only", () => {
      const world = freshWorld();
      acceptOne(world.open());
      const [one, two] = [world.open(), world.open()];
      const [seenByOne] = one.scan(AGENTS);
      const [seenByTwo] = two.scan(AGENTS);
      const claims = [
        claim(one, seenByOne, world),
        claim(two, seenByTwo, world),
        claim(one, seenByOne, world),
      ];
      expect(claims.filter((claimed) => claimed !== null)).toHaveLength(1);
    });

    test("lets a message be looked at before it is claimed", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      const [waiting] = store.scan(AGENTS);
      expect(waiting && store.peek(waiting)?.message.id).toBe(id);
      expect(waiting && claim(store, waiting, world)?.state).toMatchObject({
        status: "delivering",
        attempts: 1,
      });
      expect(waiting && store.peek(waiting)).toBeNull();
    });

    test("keeps all events in order, and every opening sees them", () => {
      const world = freshWorld();
      const store = world.open();
      acceptOne(store);
      const { id } = claimFirst(store, world).message;
      store.record(
        id,
        { type: "inbox_file", at: world.now(), file: "agent_workspaces/Agent-1/inbox/x.md" },
        false,
      );
      store.record(id, { type: "intent", at: world.now(), window: "0x1" }, true);
      const state = store.record(id, { type: "typed", at: world.now(), ms: 12 }, true);
      expect(state).toMatchObject({ status: "delivering", step: "typed", evidence: ["inbox_file", "typed"] });
      expect(typesOf(world.open().find(id))).toEqual(["claimed", "inbox_file", "intent", "typed"]);
      expect(world.open().find(id)?.state).toEqual(state);
    });

    const ends: readonly MessageEvent[] = [
      { type: "delivered", at: 5 },
      { type: "failed", at: 5, error: ERROR },
      { type: "unconfirmed", at: 5, error: ERROR },
      { type: "cancelled", at: 5 },
      { type: "expired", at: 5 },
    ];
    test.each(ends)("ends a message as $type for everybody, and it waits no more", (end) => {
      const world = freshWorld();
      const store = world.open();
      acceptOne(store);
      const { id } = claimFirst(store, world).message;
      expect(store.settle(id, end)?.status).toBe(end.type);
      expect(world.open().find(id)?.state).toMatchObject({ status: end.type, finishedAt: 5 });
      expect(store.scan(AGENTS)).toEqual([]);
      expect(world.open().interrupted()).toEqual([]);
    });

    test("puts a deferred message back with its next attempt, and counts on", () => {
      const world = freshWorld();
      const store = world.open();
      acceptOne(store);
      const nextAttemptAt = world.now() + MINUTE_MS;
      const { id } = claimFirst(store, world).message;
      store.settle(id, { type: "deferred", at: world.now(), error: ERROR, nextAttemptAt });
      const later = world.open();
      const [waiting] = later.scan(AGENTS);
      expect(waiting && later.peek(waiting)?.state).toMatchObject({
        status: "queued",
        attempts: 1,
        nextAttemptAt,
      });
      expect(waiting && claim(later, waiting, world)?.state).toMatchObject({
        attempts: 2,
        nextAttemptAt: null,
      });
    });

    test("claims a deferred message again by what the first scan said of it", () => {
      const world = freshWorld();
      const store = world.open();
      store.accept([aNewMessage(), aNewMessage({ recipient: "Agent-2" })], true);
      const [waiting] = store.scan(AGENTS);
      const claimed = claim(store, waiting, world);
      store.settle(claimed?.message.id ?? "", {
        type: "handed_back",
        at: world.now(),
        error: ERROR,
        nextAttemptAt: 0,
      });
      expect(waiting && store.peek(waiting)?.state.status).toBe("queued");
      expect(claim(store, waiting, world)?.message.id).toBe(claimed?.message.id);
    });

    test("settles a message that was never claimed, unless it was cancelled meanwhile", () => {
      const world = freshWorld();
      const store = world.open();
      const [expiring, cancelled] = [acceptOne(store), acceptOne(store)];
      const [first, second] = store.scan(AGENTS);
      expect(first && store.peek(first)?.message.id).toBe(expiring);
      expect(store.settle(expiring, { type: "expired", at: world.now() })?.status).toBe("expired");
      expect(second && store.peek(second)?.message.id).toBe(cancelled);
      world.open().cancel(cancelled);
      expect(store.settle(cancelled, { type: "expired", at: world.now() })).toBeNull();
      expect(world.open().find(cancelled)?.state.status).toBe("cancelled");
    });

    test("tells that something came without reading all of it", () => {
      const world = freshWorld();
      const store = world.open();
      store.scan(AGENTS);
      const before = store.lastChange();
      acceptOne(world.open());
      expect(store.lastChange()).toBeGreaterThanOrEqual(before);
      expect(store.lastChange()).toBeGreaterThan(0);
    });
  });
}

function describeRecovery(freshWorld: () => StoreWorld): void {
  describe("recovery", () => {
    test("finds what an earlier worker was cut off in, with the step it had reached", () => {
      const world = freshWorld();
      const dead = world.open();
      acceptOne(dead);
      const { id } = claimFirst(dead, world).message;
      dead.record(id, { type: "intent", at: world.now(), window: "0x1" }, true);
      dead.record(id, { type: "typed", at: world.now(), ms: 3 }, true);
      const next = world.open();
      expect(next.interrupted()).toMatchObject([{ message: { id }, state: { step: "typed", attempts: 1 } }]);
      expect(next.settle(id, { type: "unconfirmed", at: world.now(), error: ERROR })?.status).toBe(
        "unconfirmed",
      );
    });

    test("never returns what this worker is delivering itself, nor anything twice", () => {
      const world = freshWorld();
      const store = world.open();
      acceptOne(store);
      claimFirst(store, world);
      expect(store.interrupted()).toEqual([]);
      const next = world.open();
      expect(next.interrupted()).toHaveLength(1);
      expect(next.interrupted()).toEqual([]);
    });

    test("does not touch what waits or has ended", () => {
      const world = freshWorld();
      const store = world.open();
      acceptOne(store);
      deliverFirst(store, world);
      acceptOne(store);
      expect(world.open().interrupted()).toEqual([]);
      expect(world.open().scan(AGENTS)).toHaveLength(1);
    });
  });
}

function describeCancelling(freshWorld: () => StoreWorld): void {
  describe("cancelling", () => {
    test("ends a waiting message, which then can't be claimed", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      const [waiting] = store.scan(AGENTS);
      expect(world.open().cancel(id)).toBe("cancelled");
      expect(claim(store, waiting, world)).toBeNull();
      expect(store.scan(AGENTS)).toEqual([]);
      expect(world.open().find(id)?.state).toMatchObject({ status: "cancelled", finishedAt: world.now() });
      expect(typesOf(world.open().find(id))).toEqual(["cancelled"]);
    });

    test("ends one message of a broadcast and leaves the others", () => {
      const store = freshWorld().open();
      const [one, two] = acceptedMessages(
        store.accept([aNewMessage(), aNewMessage({ recipient: "Agent-2" })], true),
      );
      expect(store.cancel(one?.message.id ?? "")).toBe("cancelled");
      expect(idsOf(store.scan(AGENTS))).toEqual([two?.message.id]);
    });

    test("does not touch what is being delivered, has ended, or does not exist", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      claimFirst(store, world);
      expect(world.open().cancel(id)).toBe("not_queued");
      store.settle(id, { type: "delivered", at: world.now() });
      expect(world.open().cancel(id)).toBe("not_queued");
      expect(world.open().cancel(UNKNOWN_ID)).toBe("unknown");
      expect(world.open().find(id)?.state.status).toBe("delivered");
    });
  });
}

function describeRetrying(freshWorld: () => StoreWorld): void {
  describe("retry-failed", () => {
    test("queues a dead letter again, with its history, its place in the order, and attempts counted anew", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      endFirst(store, world, "failed");
      const later = acceptOne(store);
      expect(world.open().retryFailed({ isUnconfirmedIncluded: false })).toEqual([id]);
      expect(world.open().find(id)?.state).toMatchObject({ status: "queued", attempts: 0 });
      expect(idsOf(store.scan(AGENTS))).toEqual([id, later]);
      const claimed = claimFirst(store, world);
      expect(claimed.state).toMatchObject({ status: "delivering", attempts: 1, totalAttempts: 2 });
      expect(typesOf(world.open().find(id))).toEqual(["claimed", "failed", "retried", "claimed"]);
    });

    test("can be repeated as often as a message fails", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      for (let round = 1; round <= 3; round += 1) {
        endFirst(store, world, "failed");
        expect(store.find(id)?.state.status).toBe("failed");
        expect(store.retryFailed({ isUnconfirmedIncluded: false })).toEqual([id]);
        expect(store.find(id)?.state.status).toBe("queued");
      }
      expect(typesOf(store.find(id)).filter((type) => type === "retried")).toHaveLength(3);
    });

    test("never gives the same message to two callers", () => {
      const world = freshWorld();
      const store = world.open();
      acceptOne(store);
      endFirst(store, world, "failed");
      const selection = { isUnconfirmedIncluded: false };
      expect([...world.open().retryFailed(selection), ...world.open().retryFailed(selection)]).toHaveLength(
        1,
      );
    });

    test("leaves what is not selected: other agents, other ids, too young, unconfirmed", () => {
      const world = freshWorld();
      const store = world.open();
      const failed = acceptOne(store);
      endFirst(store, world, "failed");
      const unconfirmed = acceptOne(store);
      endFirst(store, world, "unconfirmed");
      world.pass(MINUTE_MS);
      const none = { isUnconfirmedIncluded: false };
      expect(store.retryFailed({ ...none, agent: "Agent-2" })).toEqual([]);
      expect(store.retryFailed({ ...none, id: unconfirmed })).toEqual([]);
      expect(store.retryFailed({ ...none, olderThanMs: MINUTE_MS + 1 })).toEqual([]);
      expect(store.retryFailed({ ...none, agent: "Agent-1", id: failed, olderThanMs: MINUTE_MS })).toEqual([
        failed,
      ]);
      expect(store.retryFailed(none)).toEqual([]);
      expect(store.retryFailed({ isUnconfirmedIncluded: true })).toEqual([unconfirmed]);
    });

    test("can be cancelled before it is tried", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      endFirst(store, world, "failed");
      store.retryFailed({ isUnconfirmedIncluded: false });
      expect(store.cancel(id)).toBe("cancelled");
      expect(store.find(id)?.state.status).toBe("cancelled");
      expect(typesOf(store.find(id))).toEqual(["claimed", "failed", "retried", "cancelled"]);
    });
  });
}

function describeAcknowledging(freshWorld: () => StoreWorld): void {
  describe("acknowledging", () => {
    test("is evidence, whether the message waits, is being delivered, has ended or was archived", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      expect(world.open().acknowledge(id, "Agent-1")).toBe("acknowledged");
      expect(world.open().find(id)?.state).toMatchObject({ status: "queued", evidence: ["acknowledged"] });
      deliverFirst(store, world);
      expect(world.open().find(id)?.state).toMatchObject({ status: "delivered", evidence: ["acknowledged"] });
      store.archiveFinished(10);
      expect(world.open().find(id)?.state).toMatchObject({ status: "delivered", evidence: ["acknowledged"] });
    });

    test("comes once, however often it is said, and also after archiving", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      deliverFirst(store, world);
      store.archiveFinished(10);
      expect(store.acknowledge(id, "Agent-1")).toBe("acknowledged");
      expect(store.acknowledge(id, "Agent-2")).toBe("acknowledged");
      expect(typesOf(store.find(id)).filter((type) => type === "acknowledged")).toHaveLength(1);
    });

    test("of an unknown id is refused", () => {
      expect(freshWorld().open().acknowledge(UNKNOWN_ID, "Agent-1")).toBe("unknown");
    });
  });
}

function describeArchiving(freshWorld: () => StoreWorld): void {
  describe("archiving", () => {
    test("takes what has ended for good, within the limit, and everything of it is still found", () => {
      const world = freshWorld();
      const store = world.open();
      const ids = [acceptOne(store), acceptOne(store), acceptOne(store)];
      for (const _ of ids) deliverFirst(store, world);
      const before = ids.map((id) => store.find(id));
      expect(store.archiveFinished(2)).toBe(2);
      expect(store.archiveFinished(2)).toBe(1);
      expect(store.archiveFinished(2)).toBe(0);
      expect(ids.map((id) => world.open().find(id))).toEqual(before);
    });

    test("leaves dead letters and unconfirmed messages where they can be retried", () => {
      const world = freshWorld();
      const store = world.open();
      acceptOne(store);
      endFirst(store, world, "failed");
      acceptOne(store);
      endFirst(store, world, "unconfirmed");
      expect(store.archiveFinished(10)).toBe(0);
      expect(store.retryFailed({ isUnconfirmedIncluded: true })).toHaveLength(2);
    });

    test("keeps nothing that retention gives up", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      deliverFirst(store, world);
      store.archiveFinished(10);
      world.pass(80 * DAY_MS);
      store.sweep();
      expect(store.find(id)).not.toBeNull();
      world.pass(42 * DAY_MS);
      store.sweep();
      expect(store.find(id)).toBeNull();
    });
  });

  describe("purge", () => {
    test("makes a dead letter cancelled: it is not retried, and keeps its history", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      endFirst(store, world, "failed");
      const none = { isUnconfirmedIncluded: false };
      expect(store.deadLetters(none).map(({ message }) => message.id)).toEqual([id]);
      expect(world.open().purge(id, "failed")).toBe(true);
      expect(store.find(id)?.state).toMatchObject({ status: "cancelled", error: { code: ERROR.code } });
      expect(typesOf(world.open().find(id))).toEqual(["claimed", "failed", "cancelled"]);
      expect(store.deadLetters(none)).toEqual([]);
      expect(store.retryFailed(none)).toEqual([]);
      expect(store.archiveFinished(10)).toBe(1);
      expect(typesOf(world.open().find(id))).toEqual(["claimed", "failed", "cancelled"]);
    });

    test("of a message that was retried before, and has failed again", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      for (let round = 1; round <= 2; round += 1) {
        endFirst(store, world, "failed");
        if (round === 1) store.retryFailed({ isUnconfirmedIncluded: false });
      }
      expect(store.purge(id, "failed")).toBe(true);
      expect(typesOf(world.open().find(id)).slice(-3)).toEqual(["claimed", "failed", "cancelled"]);
    });

    test("does not touch one that is in another state by now", () => {
      const world = freshWorld();
      const store = world.open();
      const id = acceptOne(store);
      endFirst(store, world, "unconfirmed");
      expect(store.purge(id, "failed")).toBe(false);
      store.retryFailed({ isUnconfirmedIncluded: true });
      expect(store.purge(id, "unconfirmed")).toBe(false);
      expect(store.find(id)?.state.status).toBe("queued");
      expect(store.purge("msg_20260102_030405_00000000", "failed")).toBe(false);
    });

    test("finds dead letters by agent, age and kind, the oldest first", () => {
      const world = freshWorld();
      const store = world.open();
      const failed = acceptOne(store);
      endFirst(store, world, "failed");
      const unconfirmed = acceptOne(store, aNewMessage({ recipient: "Agent-2" }));
      endFirst(store, world, "unconfirmed");
      world.pass(MINUTE_MS);
      const young = acceptOne(store);
      endFirst(store, world, "failed");
      const found = (selection: Partial<DeadLetterSelection>) =>
        store.deadLetters({ isUnconfirmedIncluded: true, ...selection }).map(({ message }) => message.id);
      expect(found({})).toEqual([failed, unconfirmed, young]);
      expect(found({ olderThanMs: MINUTE_MS })).toEqual([failed, unconfirmed]);
      expect(found({ agent: "Agent-2" })).toEqual([unconfirmed]);
      expect(found({ isUnconfirmedIncluded: false })).toEqual([failed, young]);
    });
  });
}

export function acceptedMessages(
  result: AcceptResult,
): Extract<AcceptResult, { kind: "accepted" }>["messages"] {
  if (result.kind !== "accepted")
    throw new Error(`not accepted: ${JSON.stringify(result)}`, { cause: result });
  return result.messages;
}

/** The id. */
export function acceptOne(store: Spool, message: NewMessage = aNewMessage()): string {
  return acceptedMessages(store.accept([message], false))[0]?.message.id ?? "";
}

export function claim(
  store: Spool,
  waiting: Waiting | undefined,
  world: Pick<StoreWorld, "now">,
): StoredMessage | null {
  if (!waiting) throw new Error("nothing waits");
  return store.claim(waiting, { pid: 4242, at: world.now() });
}

export function claimFirst(store: Spool, world: Pick<StoreWorld, "now">): StoredMessage {
  const claimed = claim(store, store.scan(AGENTS)[0], world);
  if (!claimed) throw new Error("nothing could be claimed");
  return claimed;
}

function endFirst(store: Spool, world: StoreWorld, type: "failed" | "unconfirmed"): void {
  store.settle(claimFirst(store, world).message.id, { type, at: world.now(), error: ERROR });
}

export function deliverFirst(store: Spool, world: Pick<StoreWorld, "now">): void {
  store.settle(claimFirst(store, world).message.id, { type: "delivered", at: world.now() });
}

export function idsOf(waiting: readonly Waiting[]): readonly string[] {
  return waiting.map(({ id }) => id);
}

function typesOf(stored: StoredMessage | null): readonly string[] {
  return stored?.events.map(({ type }) => type) ?? [];
}
