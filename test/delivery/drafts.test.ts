import { existsSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Drafts } from "../../src/delivery/drafts.ts";
import { freshRoot } from "./fresh-folder.ts";

test("drafts are kept for thirty days and no longer", () => {
  const root = freshRoot();
  const drafts = new Drafts(root);
  const [old, young] = [drafts.save("msg_old", "old"), drafts.save("msg_young", "young")];
  const now = Date.now();
  const daysAgo = (days: number) => new Date(now - days * 86_400_000);
  utimesSync(join(root, old), daysAgo(31), daysAgo(31));
  utimesSync(join(root, young), daysAgo(29), daysAgo(29));
  drafts.sweep(now, () => new Set());
  expect(existsSync(join(root, old))).toBe(false);
  expect(drafts.read(young)).toBe("young");
});

test("an old draft is kept as long as its message is not archived: it may still be put back", () => {
  const root = freshRoot();
  const drafts = new Drafts(root);
  const [owed, other] = [drafts.save("msg_failed", "owed"), drafts.save("msg_done", "put back long ago")];
  const now = Date.now();
  for (const file of [owed, other]) utimesSync(join(root, file), 0, 0);
  drafts.sweep(now, () => new Set(["msg_failed"]));
  expect(drafts.read(owed)).toBe("owed");
  expect(existsSync(join(root, other))).toBe(false);
});

test("a workspace without drafts has nothing to sweep", () => {
  expect(() => new Drafts(freshRoot()).sweep(Date.now(), () => new Set())).not.toThrow();
});

test("nothing but drafts is read: no other file, and no link in a draft's place", () => {
  const root = freshRoot();
  const drafts = new Drafts(root);
  const file = drafts.save("msg_20260102_030405_0123abcd", "a draft");
  expect(drafts.read(file)).toBe("a draft");
  writeFileSync(join(root, "secret.txt"), "a secret");
  symlinkSync(join(root, "secret.txt"), join(root, "runtime/drafts/msg_20260102_030405_0123abcd-2.txt"));
  for (const other of [
    "secret.txt",
    "runtime/drafts/../../secret.txt",
    "runtime/drafts/msg_20260102_030405_0123abcd-2.txt",
    join(root, file),
  ])
    expect(drafts.read(other)).toBeNull();
});
