import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { badFiles } from "../../src/spool/bad.ts";
import { readMessage } from "../../src/spool/message-file.ts";
import { acceptOne, claim, claimFirst, deliverFirst, idsOf } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { filesIn } from "./everywhere.ts";
import { SpoolWorld } from "./spool-world.ts";

const AGENTS = new Set(["Agent-1"]);

/** The path of the only file in a folder of the queue. */
function onlyFile(world: SpoolWorld, folder: "new" | "active" | "done" | "failed"): string {
  const files = filesIn(world, folder);
  expect(files).toHaveLength(1);
  return world.folders.of(folder, files[0] ?? "");
}

describe("a torn last line", () => {
  test("is dropped by readers, and cut off before the next event is written", () => {
    const world = new SpoolWorld();
    const store = world.open();
    acceptOne(store);
    claimFirst(store, world);
    const path = onlyFile(world, "active");
    appendFileSync(path, '{"type":"typed","at":12');
    const next = world.open();
    const [interrupted] = next.interrupted();
    expect(interrupted?.state.step).toBe("claimed");
    next.settle(interrupted?.message.id ?? "", { type: "delivered", at: world.now() });
    const lines = readFileSync(onlyFile(world, "done"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).type)).toEqual([undefined, "claimed", "delivered"]);
  });

  test("is the only thing that a file cut off anywhere can lose, and what is left never stops a reader", () => {
    const world = new SpoolWorld();
    const store = world.open();
    acceptOne(store, aNewMessage({ body: "Zeile\n🧑‍💻".repeat(3) }));
    const { id } = claimFirst(store, world).message;
    store.record(id, { type: "intent", at: 1, window: "ä" }, true);
    store.record(id, { type: "typed", at: 2, ms: 3 }, true);
    const path = onlyFile(world, "active");
    const whole = readFileSync(path);
    const file = filesIn(world, "active")[0] ?? "";
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
        writeFileSync(path, whole.subarray(0, length));
        const reading = readMessage(path, file);
        const lines = whole.subarray(0, length).toString("latin1").split("\n").length - 1;
        if (lines === 0) expect(reading.kind).toBe("damaged");
        else expect(reading.kind === "message" && reading.stored.events.length).toBe(lines - 1);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a damaged file", () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ["empty", (path) => truncateSync(path, 0)],
    ["full of zeros, as a power cut may leave it", (path) => writeFileSync(path, Buffer.alloc(500))],
    ["not JSON", (path) => writeFileSync(path, "hello\n")],
    ["of a newer version", (path) => writeFileSync(path, '{"schema":2}\n')],
    [
      "with another body than its hash says",
      (path) => writeFileSync(path, readFileSync(path, "utf8").replace("Hello", "Hullo")),
    ],
    ["with a damaged event in the middle", (path) => appendFileSync(path, "garbage\n")],
    ["with an event that lacks a field", (path) => appendFileSync(path, '{"type":"claimed","at":1}\n')],
    [
      "with another message's id",
      (path) => writeFileSync(path, readFileSync(path, "utf8").replace(/msg_\d{8}/, "msg_20200101")),
    ],
  ];

  test.each(damages)(
    "%s is set aside with the reason, and the messages around it are delivered",
    (_what, damage) => {
      const world = new SpoolWorld();
      const store = world.open();
      const first = acceptOne(store);
      damage(onlyFile(world, "new"));
      const second = acceptOne(store);
      const claims = store.scan(AGENTS).map((waiting) => claim(store, waiting, world)?.message.id ?? null);
      expect(claims).toEqual([null, second]);
      const bad = badFiles(world.folders, 10);
      expect(bad.total).toBe(1);
      expect(bad.files[0]?.file).toContain(first);
      expect(bad.files[0]?.reason.length).toBeGreaterThan(10);
      expect(store.scan(AGENTS)).toEqual([]);
    },
  );

  test("found by a look at a waiting message is set aside, too", () => {
    const world = new SpoolWorld();
    const store = world.open();
    acceptOne(store);
    truncateSync(onlyFile(world, "new"), 10);
    const [waiting] = store.scan(AGENTS);
    expect(waiting && store.peek(waiting)).toBeNull();
    expect(badFiles(world.folders, 10).total).toBe(1);
  });

  test("among the interrupted ones does not keep the others from being recovered", () => {
    const world = new SpoolWorld();
    const store = world.open();
    acceptOne(store);
    claimFirst(store, world);
    truncateSync(onlyFile(world, "active"), 3);
    const second = acceptOne(store);
    claimFirst(store, world);
    expect(
      world
        .open()
        .interrupted()
        .map(({ message }) => message.id),
    ).toEqual([second]);
    expect(badFiles(world.folders, 10).total).toBe(1);
  });

  test("among the finished ones does not keep the others from the archive", () => {
    const world = new SpoolWorld();
    const store = world.open();
    acceptOne(store);
    deliverFirst(store, world);
    writeFileSync(onlyFile(world, "done"), "x");
    acceptOne(store);
    deliverFirst(store, world);
    expect(store.archiveFinished(10)).toBe(1);
    expect(badFiles(world.folders, 10).total).toBe(1);
  });

  test("among the dead letters stays where it is, and the others are retried", () => {
    const world = new SpoolWorld();
    const store = world.open();
    const error = { code: "focus_lost", message: "m", hint: "h" } as const;
    acceptOne(store);
    store.settle(claimFirst(store, world).message.id, { type: "failed", at: 1, error });
    truncateSync(onlyFile(world, "failed"), 3);
    const second = acceptOne(store);
    store.settle(claimFirst(store, world).message.id, { type: "failed", at: 1, error });
    expect(store.retryFailed({ isUnconfirmedIncluded: false })).toEqual([second]);
  });
});

describe("what does not belong among the waiting messages", () => {
  test("is set aside, whatever it is, and the scan goes on", () => {
    const world = new SpoolWorld();
    const store = world.open();
    const id = acceptOne(store);
    const top = world.folders.of("new");
    writeFileSync(join(top, "README.md"), "what is this?");
    mkdirSync(join(top, "a folder"));
    symlinkSync("/etc/passwd", join(top, "link.msg"));
    writeFileSync(join(top, "bc_not_a_folder"), "x");
    writeFileSync(join(top, ".DS_Store"), "left alone");
    expect(idsOf(store.scan(AGENTS))).toEqual([id]);
    expect(
      badFiles(world.folders, 10)
        .files.map(({ file }) => file)
        .sort(),
    ).toEqual(["README.md", "a folder", "bc_not_a_folder", "link.msg"]);
  });

  test("never replaces what was set aside before under the same name", () => {
    const world = new SpoolWorld();
    const store = world.open();
    store.scan(AGENTS);
    for (const content of ["one", "two"]) {
      writeFileSync(world.folders.of("new", "note.txt"), content);
      store.scan(AGENTS);
    }
    expect(readFileSync(world.folders.of("bad", "note.txt"), "utf8")).toBe("one");
    expect(readFileSync(world.folders.of("bad", "note.txt.1"), "utf8")).toBe("two");
  });
});

describe("files that a person or a lost rename put elsewhere", () => {
  test("are delivered no second time when they lie among the waiting ones: ended ones move on", () => {
    const world = new SpoolWorld();
    const store = world.open();
    const id = acceptOne(store);
    deliverFirst(store, world);
    const [file = ""] = filesIn(world, "done");
    renameSync(world.folders.of("done", file), world.folders.of("new", file));
    const [waiting] = store.scan(AGENTS);
    expect(waiting && claim(store, waiting, world)).toBeNull();
    expect(world.open().find(id)?.state.status).toBe("delivered");
    expect(filesIn(world, "done")).toEqual([file]);
  });

  test("are not typed anew when the attempt had begun: they are recovered as interrupted", () => {
    const world = new SpoolWorld();
    const dead = world.open();
    const id = acceptOne(dead);
    claimFirst(dead, world);
    dead.record(id, { type: "intent", at: 1, window: "w" }, true);
    dead.record(id, { type: "typed", at: 2, ms: 3 }, true);
    const [file = ""] = filesIn(world, "active");
    renameSync(world.folders.of("active", file), world.folders.of("new", file));
    const store = world.open();
    const [waiting] = store.scan(AGENTS);
    expect(waiting && claim(store, waiting, world)).toBeNull();
    expect(store.interrupted()).toMatchObject([{ message: { id }, state: { step: "typed" } }]);
  });

  test("are put where their last line says when they lie among the finished ones", () => {
    const world = new SpoolWorld();
    const store = world.open();
    const id = acceptOne(store);
    const [file = ""] = filesIn(world, "new");
    renameSync(world.folders.of("new", file), world.folders.of("done", file));
    expect(store.archiveFinished(10)).toBe(0);
    expect(idsOf(store.scan(AGENTS))).toEqual([id]);
  });
});
