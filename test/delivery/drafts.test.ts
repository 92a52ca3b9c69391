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
  drafts.sweep(now);
  expect(existsSync(join(root, old))).toBe(false);
  expect(drafts.read(young)).toBe("young");
});

test("a workspace without drafts has nothing to sweep", () => {
  expect(() => new Drafts(freshRoot()).sweep(Date.now())).not.toThrow();
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
