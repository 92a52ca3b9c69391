import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWhole, syncFolder, writeAtomically } from "../../src/support/atomic-file.ts";
import { countSteps, diesAt, failsAt, withDisk } from "./disk.ts";
import { DiskLedger } from "./disk-ledger.ts";

function freshFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "swa-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("a file is replaced, closed to others unless a mode is given", () => {
  const folder = freshFolder();
  const path = join(folder, "a.json");
  writeAtomically(path, "one", { isSynced: false });
  writeAtomically(path, Buffer.from("two"), { isSynced: true });
  expect(readFileSync(path, "utf8")).toBe("two");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeAtomically(path, ["th", "r", "ee"], { isSynced: true, mode: 0o644 });
  expect(readFileSync(path, "utf8")).toBe("three");
  expect(statSync(path).mode & 0o777).toBe(0o644 & ~process.umask());
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

test("a process that dies at any step leaves the old content or the new", () => {
  for (let step = 1, hasDied = true; hasDied; step += 1) {
    const path = join(freshFolder(), "a.json");
    writeAtomically(path, "old", { isSynced: true });
    hasDied = diesAt(step, () => writeAtomically(path, "new content", { isSynced: true }));
    expect(["old", "new content"]).toContain(readFileSync(path, "utf8"));
    if (!hasDied) expect(readFileSync(path, "utf8")).toBe("new content");
  }
});

test("a failure at any step throws, and leaves no temporary file", () => {
  const steps = countSteps(() => writeAtomically(join(freshFolder(), "a"), "x", { isSynced: true }));
  for (let step = 1; step <= steps; step += 1) {
    const folder = freshFolder();
    const path = join(folder, "a");
    writeFileSync(path, "old");
    const write = () =>
      failsAt(step, "ENOSPC", "from then on", () => writeAtomically(path, "new", { isSynced: true }));
    expect(write).toThrow("ENOSPC");
    expect(readdirSync(folder)).toEqual(["a"]);
  }
});

test("synced content and its name outlive a power cut; unsynced is still replaced in one step", () => {
  const folder = freshFolder();
  const ledger = new DiskLedger();
  ledger.watch(() => writeAtomically(join(folder, "a"), "x", { isSynced: true }));
  expect(ledger.isDurable(join(folder, "a"))).toBe(true);
  expect(ledger.faults).toEqual([]);
  let syncs = 0;
  withDisk(
    ({ operation, proceed }) => {
      if (operation === "fsyncSync") syncs += 1;
      return proceed();
    },
    () => writeAtomically(join(folder, "b"), "x", { isSynced: false }),
  );
  expect(syncs).toBe(0);
});

test("an exclusive file is never written over", () => {
  const path = join(freshFolder(), "a");
  createWhole(path, "one", { isSynced: false, mode: 0o600, flags: "wx" });
  expect(() => createWhole(path, "two", { isSynced: false, mode: 0o600, flags: "wx" })).toThrow("EEXIST");
  expect(readFileSync(path, "utf8")).toBe("one");
});

test("a folder that is not there can't be synced", () => {
  const folder = freshFolder();
  mkdirSync(join(folder, "there"));
  expect(() => syncFolder(join(folder, "there"))).not.toThrow();
  expect(() => syncFolder(join(folder, "missing"))).toThrow("ENOENT");
});
