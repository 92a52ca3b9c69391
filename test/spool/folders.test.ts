import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readOverview } from "../../src/spool/overview.ts";
import { acceptOne, claimFirst, deliverFirst } from "../contract/store.contract.ts";
import { aNewMessage } from "../delivery/messages.ts";
import { freshFolder, SpoolWorld } from "./spool-world.ts";

function modesBelow(path: string): readonly (readonly [string, string])[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.map((entry) => {
    const full = join(entry.parentPath, entry.name);
    return [
      full,
      `${entry.isDirectory() ? "folder" : "file"} ${(statSync(full).mode & 0o777).toString(8)}`,
    ] as const;
  });
}

test("all folders are closed to others and so are all files, whatever the process allows by default", () => {
  const world = new SpoolWorld();
  const before = process.umask(0);
  try {
    const store = world.open();
    store.accept([aNewMessage({ key: "k" }), aNewMessage({ recipient: "Agent-2" })], true);
    store.acknowledge(acceptOne(store), "Agent-1");
    deliverFirst(store, world);
    store.archiveFinished(10);
    claimFirst(store, world);
    writeFileSync(world.folders.of("new", "stray"), "x", { mode: 0o600 });
    store.scan(new Set());
  } finally {
    process.umask(before);
  }
  for (const [, mode] of modesBelow(world.root)) expect(["folder 700", "file 600"]).toContain(mode);
  expect(modesBelow(world.root).length).toBeGreaterThan(18);
});

test("a runtime folder that a clone brought along is closed to others", () => {
  const world = new SpoolWorld();
  mkdirSync(world.folders.runtime, { mode: 0o755 });
  chmodSync(world.folders.runtime, 0o755);
  acceptOne(world.open());
  expect(statSync(world.folders.runtime).mode & 0o777).toBe(0o700);
});

describe("a symbolic link", () => {
  test.each(["runtime", "runtime/queue", "runtime/queue/new", "runtime/archive"])(
    "in place of %s that leads out of the workspace is refused, and nothing is written there",
    (place) => {
      const world = new SpoolWorld();
      const outside = freshFolder();
      mkdirSync(join(world.root, place, ".."), { recursive: true });
      symlinkSync(outside, join(world.root, place));
      const result = world.open().accept([aNewMessage()], false);
      expect(result).toMatchObject({ kind: "not_stored", path: join(world.root, place) });
      expect(() => world.open().scan(new Set())).toThrow("leads out of the workspace");
      expect(() => readOverview(world.root, 5)).toThrow("leads out of the workspace");
      expect(readdirSync(outside)).toEqual([]);
    },
  );

  test("to the folder around the workspace leads out of it, too", () => {
    const root = join(freshFolder(), "workspace");
    mkdirSync(root);
    symlinkSync("..", join(root, "runtime"));
    expect(new SpoolWorld(root).open().accept([aNewMessage()], false).kind).toBe("not_stored");
    expect(readdirSync(join(root, ".."))).toEqual(["workspace"]);
  });

  test("that stays in the workspace is followed", () => {
    const world = new SpoolWorld();
    mkdirSync(join(world.root, "elsewhere"), { mode: 0o700 });
    symlinkSync(join(world.root, "elsewhere"), world.folders.runtime);
    const id = acceptOne(world.open());
    expect(world.open().find(id)).not.toBeNull();
  });
});

test("a file in place of a folder is refused by name", () => {
  const world = new SpoolWorld();
  mkdirSync(world.folders.queue, { recursive: true });
  writeFileSync(world.folders.of("new"), "not a folder");
  const result = world.open().accept([aNewMessage()], false);
  expect(result).toMatchObject({ kind: "not_stored", path: world.folders.of("new") });
});

test("folders that somebody removed under a running program are made anew", () => {
  const world = new SpoolWorld();
  const store = world.open();
  acceptOne(store);
  rmSync(world.folders.runtime, { recursive: true });
  const id = acceptOne(store);
  expect(world.open().scan(new Set())).toMatchObject([{ id }]);
});
