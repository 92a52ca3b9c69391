import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockWithin, tryLock, tryLockNow } from "../../src/support/kernel-lock.ts";

const LOADER = ["--import", "./test/setup/typescript.js", "test/support/programs/lock-holder.js"];

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [...LOADER, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** `held` or `taken`. */
async function answerOf(child: ChildProcess): Promise<string> {
  const [data] = await once(child.stdout ?? child, "data");
  return String(data).trim();
}

function freshName(): string {
  return `test-${randomUUID()}`;
}

test("a lock is held once in a process, and again after it was released", async () => {
  const name = freshName();
  const lock = await tryLock(name);
  expect(lock?.name).toBe(name);
  expect(await tryLock(name)).toBeNull();
  expect(tryLockNow(name)).toBeNull();
  lock?.release();
  lock?.release();
  const again = tryLockNow(name);
  expect(again).not.toBeNull();
  expect(await tryLock(name)).toBeNull();
  again?.release();
});

test("locks of different names do not exclude each other, however long and alike the names are", () => {
  const names = ["/a", "_a", "a".repeat(300), `${"a".repeat(299)}b`, "ü"].map(
    (name) => `${freshName()}${name}`,
  );
  const locks = names.map(tryLockNow);
  expect(locks.every((lock) => lock !== null)).toBe(true);
  expect(names.map(tryLockNow)).toEqual(names.map(() => null));
  for (const lock of locks) lock?.release();
});

test("one of eight processes that try at once gets it, and when that one is killed the next does", async () => {
  const name = freshName();
  const children = Array.from({ length: 8 }, () => start(name));
  const answers = await Promise.all(children.map(answerOf));
  expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
  expect(tryLockNow(name)).toBeNull();
  const holder = children[answers.indexOf("held")];
  holder?.kill("SIGKILL");
  await once(holder ?? start(), "exit");
  const next = tryLockNow(name);
  expect(next).not.toBeNull();
  next?.release();
});

test("a stopped holder keeps the lock", async () => {
  const name = freshName();
  const holder = start(name);
  expect(await answerOf(holder)).toBe("held");
  holder.kill("SIGSTOP");
  expect(lockWithin(name, 300)).toBeNull();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const next = lockWithin(name, 300);
  expect(next).not.toBeNull();
  next?.release();
});

test("processes that wait for it take turns, and no two are in at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "swk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const counter = join(folder, "counter");
  writeFileSync(counter, "0");
  const name = freshName();
  const children = Array.from({ length: 6 }, () => start(name, "--counter", counter, "50"));
  const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  expect(readFileSync(counter, "utf8")).toBe("300");
});

test("holding a lock does not keep a process alive", async () => {
  const code = `import { tryLock } from "./src/support/kernel-lock.ts"; await tryLock(${JSON.stringify(freshName())});`;
  const args = ["--import", "./test/setup/typescript.js", "--input-type=module", "-e", code];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  expect((await once(child, "exit"))[0]).toBe(0);
});
