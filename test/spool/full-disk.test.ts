import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { NewMessage } from "../../src/ports/store.ts";
import { readOverview } from "../../src/spool/overview.ts";
import { acceptOne, claimFirst, deliverFirst, idsOf } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { countSteps, failsAt, isReading, withDisk } from "../support/disk.ts";
import { archiveLines, filesIn } from "./everywhere.ts";
import { runInNamespace, runProgram } from "./programs.ts";
import { freshFolder, SpoolWorld } from "./spool-world.ts";

const AGENTS = new Set(["Agent-1", "Agent-2"]);
const ERROR: DeliveryError = { code: "window_not_found", message: "No window.", hint: "Open it." };
const CODES = ["ENOSPC", "EIO", "EROFS"];

const ASKED: readonly {
  readonly what: string;
  readonly messages: readonly NewMessage[];
  readonly isBroadcast: boolean;
}[] = [
  { what: "one message", messages: [aNewMessage()], isBroadcast: false },
  {
    what: "a broadcast",
    messages: [aNewMessage(), aNewMessage({ recipient: "Agent-2" })],
    isBroadcast: true,
  },
  { what: "a message with a key", messages: [aNewMessage({ key: "k" })], isBroadcast: false },
];

describe.each(ASKED)("when the disk fails while $what is accepted", ({ messages, isBroadcast }) => {
  test.each(CODES)(
    "with %s, at any step, for once or for good: nothing is accepted and nothing is left",
    (code) => {
      for (const how of ["once", "from then on"] as const)
        for (let step = 1; ; step += 1) {
          const world = new SpoolWorld();
          world.open().scan(AGENTS);
          if (step > countSteps(() => new SpoolWorld(world.root).open().accept(messages, isBroadcast))) break;
          const fresh = new SpoolWorld();
          fresh.open().scan(AGENTS);
          const result = failsAt(step, code, how, () => fresh.open().accept(messages, isBroadcast));
          const waiting = fresh.open().scan(AGENTS).length;
          // What is not needed to be safe (the count of waiting messages) may fail unseen.
          if (result.kind === "accepted") expect(waiting).toBe(messages.length);
          else expect([result.kind, waiting]).toEqual(["not_stored", 0]);
          if (result.kind === "not_stored") expect(result.cause.message).toContain(code);
          expect(filesIn(fresh, "tmp")).toEqual([]);
          expect(fresh.open().accept(messages, isBroadcast).kind).toBe("accepted");
        }
    },
  );
});

test("a disk that takes only a few bytes at a time still gets the whole message", () => {
  const world = new SpoolWorld();
  const body = "word ".repeat(5000);
  const id = withDisk(
    (call) => {
      if (call.operation !== "writeSync") return call.proceed();
      const [fd, buffer, offset, length] = call.args as [number, Uint8Array, number, number];
      return call.proceed(fd, buffer, offset, Math.min(length, 700));
    },
    () => acceptOne(world.open(), aNewMessage({ body })),
  );
  expect(world.open().find(id)?.message.body).toBe(body);
});

test("a disk that takes nothing and says nothing is noticed", () => {
  const world = new SpoolWorld();
  const store = world.open();
  acceptOne(store); // node's own writeFileSync, used for the count, would try for ever
  const result = withDisk(
    (call) => (call.operation === "writeSync" ? 0 : call.proceed()),
    () => store.accept([aNewMessage()], false),
  );
  expect(result.kind).toBe("not_stored");
  expect(filesIn(world, "tmp")).toEqual([]);
});

test.each(CODES)(
  "an event that can't be stored (%s) throws, and the message is as before and can go on",
  (code) => {
    for (const how of ["once", "from then on"] as const)
      for (let step = 1; step <= 4; step += 1) {
        const world = new SpoolWorld();
        const store = world.open();
        acceptOne(store);
        const { id } = claimFirst(store, world).message;
        const typed = { type: "typed", at: world.now(), ms: 1 } as const;
        let hasThrown = false;
        try {
          failsAt(step, code, how, () => store.record(id, typed, true));
        } catch (error) {
          hasThrown = true;
          expect(error).toMatchObject({ code });
        }
        // One failed call is mended by writing the file anew; a disk that fails for good is not.
        if (how === "from then on" && step <= 2) expect(hasThrown).toBe(true);
        const seen = new SpoolWorld(world.root).open().find(id);
        expect(seen?.state.step).toBe(hasThrown ? "claimed" : "typed");
        store.settle(id, { type: "delivered", at: world.now() });
        expect(world.open().find(id)?.state.status).toBe("delivered");
        expect(filesIn(world, "bad")).toEqual([]);
      }
  },
);

test("a claim that can't be written down leaves the message waiting", () => {
  const world = new SpoolWorld();
  const store = world.open();
  acceptOne(store);
  const [waiting] = store.scan(AGENTS);
  const isFull = (operation: string) => operation === "writeSync" || operation === "openSync";
  const claiming = () =>
    withDisk(
      (call) => {
        if (isFull(call.operation) && !isReading(call))
          throw Object.assign(new Error("full"), { code: "ENOSPC" });
        return call.proceed();
      },
      () => waiting && store.claim(waiting, { pid: 1, at: world.now() }),
    );
  expect(claiming).toThrow("full");
  expect(filesIn(world, "active")).toEqual([]);
  expect(claimFirst(store, world).state.attempts).toBe(1);
});

test("an archive that can't be written loses no message and doubles none, at whichever step, also of those that follow", () => {
  for (const how of ["once", "from then on"] as const)
    for (let step = 1, hasFailed = true; hasFailed; step += 1) {
      const world = new SpoolWorld();
      const store = world.open();
      const ids = [1, 2].map(() => acceptOne(store));
      for (const _ of ids) deliverFirst(store, world);
      hasFailed = false;
      try {
        failsAt(step, "EIO", how, () => store.archiveFinished(10));
      } catch (error) {
        expect(error).toMatchObject({ code: "EIO" });
        hasFailed = true;
      }
      ids.push(acceptOne(store));
      deliverFirst(store, world);
      while (store.archiveFinished(10) > 0);
      expect(archiveLines(world).map((line) => JSON.parse(line).id)).toEqual(ids);
      expect(readOverview(world.root, 1).counts.delivered).toBe(3);
    }
});

test("a disk that is truly full accepts nothing, keeps what it has, and goes on when there is room again", () => {
  const folder = freshFolder();
  const { result, stderr } = runInNamespace(
    `mount -t tmpfs -o size=300k,mode=700 none ${folder}`,
    "fill-disk.ts",
    folder,
  );
  expect(stderr).toBe("");
  const { accepted, refused, tmp, found, afterwards } = result as Record<string, never>;
  expect(Number(accepted)).toBeGreaterThan(3);
  expect(refused).toMatchObject({ kind: "not_stored", code: "ENOSPC" });
  expect(tmp).toEqual([]);
  expect(found).toBe(accepted);
  expect(afterwards).toBe("accepted");
});

test("a message that is longer than the longest file allowed is not accepted in part", () => {
  const world = new SpoolWorld();
  world.open().scan(AGENTS);
  const { result } = runProgram("accept-long.ts", [world.root], "ulimit -f 8; ");
  expect(result).toMatchObject({ kind: "not_stored" });
  expect([...filesIn(world, "new"), ...filesIn(world, "tmp")]).toEqual([]);
});

test("a folder that may not be written to accepts nothing and says which", () => {
  const world = new SpoolWorld();
  acceptOne(world.open());
  const { result } = runProgram("accept-read-only.ts", [world.root]);
  expect(result).toMatchObject({ kind: "not_stored", code: "EACCES" });
  expect(String((result as { path: string }).path)).toContain(world.root);
  expect(world.open().scan(AGENTS)).toHaveLength(1);
});

test("a deferred message keeps its error on a disk that failed once in between", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const id = acceptOne(store);
  claimFirst(store, world);
  const deferred = { type: "deferred", at: world.now(), error: ERROR, nextAttemptAt: world.now() } as const;
  failsAt(2, "EIO", "once", () => store.settle(id, deferred));
  expect(idsOf(store.scan(AGENTS))).toEqual([id]);
  const [file = ""] = filesIn(world, "new");
  expect(readFileSync(world.folders.of("new", file), "utf8").match(/deferred/g)).toHaveLength(1);
});

test("an end that was written down, and whose file could not be moved, is not written twice", () => {
  const world = new SpoolWorld();
  const store = world.open();
  acceptOne(store);
  const { id } = claimFirst(store, world).message;
  const settle = () => store.settle(id, { type: "failed", at: world.now(), error: ERROR });
  const withoutRename = () =>
    withDisk(({ operation, proceed }) => {
      if (operation === "renameSync") throw Object.assign(new Error("EIO: no rename"), { code: "EIO" });
      return proceed();
    }, settle);
  expect(withoutRename).toThrow("EIO");
  expect(settle()?.status).toBe("failed");
  expect(filesIn(world, "failed")).toHaveLength(1);
  expect(
    world
      .open()
      .find(id)
      ?.events.map(({ type }) => type),
  ).toEqual(["claimed", "failed"]);
});

test("an end whose file could not be moved is moved by the next look for what was interrupted", () => {
  const world = new SpoolWorld();
  const store = world.open();
  const id = acceptOne(store);
  claimFirst(store, world);
  const deferred = { type: "deferred", at: world.now(), error: ERROR, nextAttemptAt: 0 } as const;
  expect(() =>
    withDisk(
      ({ operation, proceed }) => {
        if (operation === "renameSync") throw Object.assign(new Error("EIO: no rename"), { code: "EIO" });
        return proceed();
      },
      () => store.settle(id, deferred),
    ),
  ).toThrow("EIO");
  expect(store.interrupted()).toEqual([]);
  expect(idsOf(store.scan(AGENTS))).toEqual([id]);
});

test("a process that has no more files to open takes no message for damaged", () => {
  const world = new SpoolWorld();
  const id = acceptOne(world.open());
  const { result } = runProgram("out-of-files.ts", [world.root], "ulimit -n 60; ");
  expect(result).toEqual({ code: "EMFILE", claimed: id });
  expect(filesIn(world, "bad")).toEqual([]);
});
