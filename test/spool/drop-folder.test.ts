import { mkdirSync, readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Message } from "../../src/domain/message.ts";
import type { Spool } from "../../src/ports/store.ts";
import { badFiles } from "../../src/spool/bad.ts";
import { readOverview } from "../../src/spool/overview.ts";
import { acceptOne, deliverFirst } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { failsAt } from "../support/disk.ts";
import { filesIn } from "./everywhere.ts";
import { SpoolWorld } from "./spool-world.ts";

const AGENTS = new Set(["Agent-1", "Agent-2"]);

/** As a program without Node does it: write to `tmp`, rename into `drop`. */
function drop(world: SpoolWorld, name: string, content: string | Uint8Array | object): void {
  const bytes =
    typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content);
  world.folders.prepare();
  writeFileSync(world.folders.of("tmp", name), bytes);
  renameSync(world.folders.of("tmp", name), world.folders.of("drop", name));
}

function taken(store: Spool): readonly Message[] {
  return store.scan(AGENTS).flatMap((waiting) => store.peek(waiting)?.message ?? []);
}

describe("a dropped file", () => {
  test("becomes a message with an id, and is gone from the folder", () => {
    const world = new SpoolWorld();
    drop(world, "x.json", {
      recipient: "Agent-2",
      body: "Grüße\r\nfrom a script",
      priority: "urgent",
      sender: "cron",
    });
    const store = world.open();
    expect(taken(store)).toMatchObject([
      {
        recipient: "Agent-2",
        body: "Grüße\nfrom a script",
        priority: "urgent",
        sender: "cron",
        key: null,
        raw: false,
      },
    ]);
    expect([...filesIn(world, "drop"), ...filesIn(world, "tmp"), ...filesIn(world, "bad")]).toEqual([]);
  });

  test("needs a recipient and a body only", () => {
    const world = new SpoolWorld();
    drop(world, "x", { recipient: "Agent-1", body: "hi" });
    expect(taken(world.open())).toMatchObject([{ sender: "drop", priority: "normal" }]);
  });

  test("has its control sequences removed, and a byte order mark forgiven", () => {
    const world = new SpoolWorld();
    drop(
      world,
      "x",
      Buffer.concat([
        Buffer.from([0xef, 0xbb, 0xbf]),
        Buffer.from('{"recipient":"Agent-1","body":"a\\u001b[31mb"}'),
      ]),
    );
    expect(taken(world.open())[0]?.body).toBe("ab");
  });

  test("with a key is queued once, also when the first was delivered", () => {
    const world = new SpoolWorld();
    const store = world.open();
    drop(world, "a", { recipient: "Agent-1", body: "hi", key: "k" });
    store.scan(AGENTS);
    deliverFirst(store, world);
    drop(world, "b", { recipient: "Agent-1", body: "hi", key: "k" });
    expect(store.scan(AGENTS)).toEqual([]);
    expect([...filesIn(world, "drop"), ...filesIn(world, "tmp"), ...filesIn(world, "bad")]).toEqual([]);
  });

  test.each([
    ["not JSON", "hello", /JSON/],
    ["an array", "[1]", /JSON object/],
    ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), /UTF-8/],
    ["without a recipient", { body: "x" }, /recipient/],
    ["for an unknown agent", { recipient: "Agent-9", body: "x" }, /"Agent-9" is not an agent/],
    ["for a name that would leave the folder", { recipient: "../Agent-1", body: "x" }, /is not an agent/],
    ["without a body", { recipient: "Agent-1" }, /body/],
    ["with a body of blanks", { recipient: "Agent-1", body: " \n" }, /empty/],
    [
      "with a body of nothing but control characters",
      { recipient: "Agent-1", body: "\u0007\u001b[2J" },
      /empty/,
    ],
    ["with half a character", '{"recipient":"Agent-1","body":"a\\ud800"}', /surrogate/],
    ["with too long a body", { recipient: "Agent-1", body: "x".repeat(1025) }, /1025 bytes; at most 1024/],
    ["that is far too long", "x".repeat(100_000), /100000 bytes/],
    ["with an unknown priority", { recipient: "Agent-1", body: "x", priority: "asap" }, /priority/],
    ["with a sender that is no name", { recipient: "Agent-1", body: "x", sender: "a b" }, /sender/],
    ["with an unknown field", { recipient: "Agent-1", body: "x", expires: "1h" }, /unknown fields: expires/],
  ])("that is %s is parked with the reason, and never deleted", (_what, content, reason) => {
    const world = new SpoolWorld();
    drop(world, "mine.json", content);
    drop(world, "good.json", { recipient: "Agent-1", body: "good" });
    const store = world.open({ maxBytes: 1024 });
    expect(taken(store).map(({ body }) => body)).toEqual(["good"]);
    const parked = badFiles(world.folders, 5);
    expect(parked.files[0]?.file).toBe("mine.json");
    expect(parked.files[0]?.reason).toMatch(reason);
    const bytes = readFileSync(world.folders.of("bad", "mine.json"));
    expect(bytes.length).toBeGreaterThan(0);
  });

  test("with another body under a key that was used is parked and names the message", () => {
    const world = new SpoolWorld();
    const store = world.open();
    const id = acceptOne(store, aNewMessage({ key: "k", body: "one" }));
    drop(world, "x.json", { recipient: "Agent-1", body: "two", key: "k" });
    expect(store.scan(AGENTS)).toHaveLength(1);
    expect(badFiles(world.folders, 5).files[0]?.reason).toContain(id);
  });

  test("that is a folder or a link is parked, and no link is followed", () => {
    const world = new SpoolWorld();
    world.folders.prepare();
    mkdirSync(world.folders.of("drop", "folder"));
    writeFileSync(
      world.folders.of("tmp", "secret"),
      JSON.stringify({ recipient: "Agent-1", body: "secret" }),
    );
    symlinkSync(world.folders.of("tmp", "secret"), world.folders.of("drop", "link"));
    expect(world.open().scan(AGENTS)).toEqual([]);
    expect(
      badFiles(world.folders, 5)
        .files.map(({ file }) => file)
        .sort(),
    ).toEqual(["folder", "link"]);
  });
});

describe("dropped files", () => {
  test("are taken in by age", () => {
    const world = new SpoolWorld();
    for (const [age, name] of ["aa", "mm", "zz"].entries()) {
      drop(world, name, { recipient: "Agent-1", body: name });
      utimesSync(world.folders.of("drop", name), 1000, 1000 - age);
    }
    expect(taken(world.open()).map(({ body }) => body)).toEqual(["zz", "mm", "aa"]);
  });

  test("are shown as waiting while no worker has taken them in", () => {
    const world = new SpoolWorld();
    drop(world, "a", { recipient: "Agent-1", body: "x" });
    expect(readOverview(world.root, 5).drops).toBe(1);
    world.open().scan(AGENTS);
    expect(readOverview(world.root, 5).drops).toBe(0);
  });

  test("stay where they are while the spool is full, and are taken in when there is room", () => {
    const world = new SpoolWorld();
    const store = world.open({ maxWaiting: 1 });
    acceptOne(store);
    drop(world, "a", { recipient: "Agent-1", body: "later" });
    expect(store.scan(AGENTS)).toHaveLength(1);
    expect(filesIn(world, "drop")).toEqual(["a"]);
    deliverFirst(store, world);
    expect(taken(store).map(({ body }) => body)).toEqual(["later"]);
  });

  test("that come back after their message was delivered, as a power cut may bring them, are only removed", () => {
    const world = new SpoolWorld();
    for (const isArchived of [false, true]) {
      const store = world.open();
      drop(world, "a", { recipient: "Agent-1", body: "x" });
      const [waiting] = store.scan(AGENTS);
      const [, micros, id] = /^2-(\d{16})-(.*)$/.exec(waiting?.order ?? "") ?? [];
      deliverFirst(store, world);
      if (isArchived) store.archiveFinished(10);
      const taken = world.folders.of("tmp", `${micros}-${id}.drop`);
      writeFileSync(taken, JSON.stringify({ recipient: "Agent-1", body: "x" }));
      expect(world.open().scan(AGENTS)).toEqual([]);
      expect(filesIn(world, "tmp")).toEqual([]);
    }
  });

  test("are neither lost nor doubled by a disk that is full for a while", () => {
    const world = new SpoolWorld();
    world.open().scan(AGENTS);
    for (const name of ["a", "b", "c"]) drop(world, name, { recipient: "Agent-1", body: name });
    const store = world.open();
    for (let step = 1; step < 40; step += 1)
      try {
        failsAt(step, "ENOSPC", "from then on", () => store.scan(AGENTS));
      } catch (error) {
        expect(error).toMatchObject({ code: "ENOSPC" });
      }
    store.scan(AGENTS);
    expect(taken(store).map(({ body }) => body)).toEqual(["a", "b", "c"]);
    expect([...filesIn(world, "drop"), ...filesIn(world, "tmp"), ...filesIn(world, "bad")]).toEqual([]);
  });
});
