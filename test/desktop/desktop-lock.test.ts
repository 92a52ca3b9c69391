import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lineFolder, readLine } from "../../src/desktop/desktop-line.ts";
import { acquireDesktopLock, type DesktopLease, type LockRequest } from "../../src/desktop/desktop-lock.ts";
import { until } from "../desktop-fixture/until.ts";
import { type LockUser, type LockUsers, lockUsers } from "./lock-users.ts";

const PROCESSES = 8;
/** Longer than any pid can be. */
const NO_PID = 99_999_999;

describe("the desktop lock", () => {
  let users: LockUsers;

  beforeEach(() => {
    users = lockUsers();
  });
  afterEach(() => users.stop());

  const request = (purpose: string): LockRequest => ({
    folder: users.folder,
    display: users.display,
    purpose,
    deadlineMs: 20_000,
  });
  const take = async (purpose: string): Promise<DesktopLease> => {
    const lease = await acquireDesktopLock(request(purpose));
    if (!lease.ok) throw new Error(lease.error.message);
    return lease;
  };
  const line = () => lineFolder(users.folder, users.display);
  const startAll = (count: number): Promise<readonly LockUser[]> =>
    Promise.all(Array.from({ length: count }, (_, i) => users.start(`user ${i}`)));
  const waiting = () => readLine(users.folder, users.display).waiting.map(({ purpose }) => purpose);
  /** Has the user stand in line, and waits until it does. */
  const standInLine = async (user: LockUser, purpose: string): Promise<{ taken: Promise<unknown> }> => {
    const taken = user.tell("take");
    await until(`${purpose} stands in line`, () => waiting().includes(purpose), 15_000, 5);
    return { taken };
  };

  it("is taken and given back at once where nobody else wants it", async () => {
    const took: number[] = [];
    for (let i = 0; i < 300; i++) {
      const startedAt = performance.now();
      const lease = await take("alone");
      took.push(performance.now() - startedAt);
      await lease.release();
    }
    took.sort((a, b) => a - b);
    console.log(
      `uncontended desktop lock: median ${took[150]?.toFixed(3)} ms, p99 ${took[297]?.toFixed(3)} ms`,
    );
    expect(readdirSync(line())).toEqual([]);
  });

  it("is held by one of 8 processes at a time", async () => {
    const all = await startAll(PROCESSES);
    const clashes = await Promise.all(all.map((user) => user.tell("rounds 25")));
    expect(clashes).toEqual(all.map(() => 0));
    expect(readdirSync(line())).toEqual([]);
  });

  it("is handed over in the order of arrival", async () => {
    const [holder, ...others] = await startAll(6);
    await holder?.tell("take");
    const all: Promise<unknown>[] = [];
    for (const [i, user] of others.entries()) all.push((await standInLine(user, `user ${i + 1}`)).taken);
    expect(waiting()).toEqual(["user 1", "user 2", "user 3", "user 4", "user 5"]);
    await holder?.tell("release");
    for (const [i, user] of others.entries()) {
      expect(await all[i]).toBe("taken");
      await user.tell("release");
    }
    expect(readFileSync(join(users.folder, "order"), "utf8").trim().split("\n")).toEqual([
      "user 0",
      "user 1",
      "user 2",
      "user 3",
      "user 4",
      "user 5",
    ]);
  });

  it("is free as soon as its holder is killed", async () => {
    const [holder, waiter] = await startAll(2);
    if (!holder || !waiter) throw new Error("two were asked for");
    await holder.tell("take");
    const { taken } = await standInLine(waiter, "user 1");
    await holder.kill();
    expect(await taken).toBe("taken");
    expect(await waiter.tell("refusal")).toBeNull();
  });

  it("is lost by a holder that was stopped and continued, and taken by nobody while that one lives", async () => {
    const [holder] = await startAll(1);
    if (!holder) throw new Error("one was asked for");
    await holder.tell("take");
    expect(await holder.tell("refusal")).toBeNull();
    holder.signal("SIGSTOP");
    const other = await acquireDesktopLock({ ...request("other"), deadlineMs: 1_500 });
    expect(other.ok ? "taken" : other.error.code).toBe("lock_timeout");
    holder.signal("SIGCONT");
    expect(await holder.tell("refusal")).toBe("lock_lost");
    await holder.tell("release");
    await (await take("other")).release();
  });

  it("passes by one that was stopped while it waited", async () => {
    const [holder, stopped, third] = await startAll(3);
    if (!holder || !stopped || !third) throw new Error("three were asked for");
    await holder.tell("take");
    const { taken: first } = await standInLine(stopped, "user 1");
    const { taken } = await standInLine(third, "user 2");
    stopped.signal("SIGSTOP");
    await holder.tell("release");
    expect(await taken).toBe("taken");
    await third.tell("release");
    stopped.signal("SIGCONT");
    expect(await first).toBe("taken");
  });

  it("is taken by exactly one of 8 at a time where a dead holder left its lock file", async () => {
    const dead = await users.start("dead");
    await dead.tell("take");
    await dead.kill();
    const visible = join(line(), "lock");
    expect(existsSync(visible)).toBe(true);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(visible, longAgo, longAgo);
    const all = await startAll(PROCESSES);
    const clashes = await Promise.all(all.map((user) => user.tell("rounds 5")));
    expect(clashes).toEqual(all.map(() => 0));
    expect(readdirSync(line())).toEqual([]);
  });

  it("does not wait for the tickets of dead processes, and removes them", async () => {
    mkdirSync(line(), { recursive: true });
    const tickets = [`${"1".padStart(20, "0")}-${NO_PID}-0`, `${"2".padStart(20, "0")}-${process.pid}-12345`];
    for (const ticket of tickets) writeFileSync(join(line(), ticket), "{}");
    const lease = await take("living");
    expect(readdirSync(line()).filter((name) => tickets.includes(name))).toEqual([]);
    await lease.release();
  });

  it("leaves nothing in the line when a wait ends at its deadline or is called off", async () => {
    const lease = await take("holder");
    const late = await acquireDesktopLock({ ...request("late"), deadlineMs: 30 });
    expect(late.ok ? "taken" : late.error.code).toBe("lock_timeout");
    const stop = new AbortController();
    const stopped = acquireDesktopLock({ ...request("stopped"), signal: stop.signal });
    stop.abort();
    const result = await stopped;
    expect(result.ok ? "taken" : result.error.code).toBe("lock_timeout");
    expect(waiting()).toEqual([]);
    await lease.release();
  });

  it("can be taken after an attempt that failed with an error", async () => {
    mkdirSync(join(line(), "holder"), { recursive: true });
    await expect(acquireDesktopLock(request("unlucky"))).rejects.toThrow("EISDIR");
    rmSync(join(line(), "holder"), { recursive: true });
    await (await take("lucky")).release();
    expect(readdirSync(line())).toEqual([]);
  });

  it("says who holds it in the error of a wait that was too long", async () => {
    const lease = await take("msg_1 to Agent-1");
    const late = await acquireDesktopLock({ ...request("late"), deadlineMs: 10 });
    expect(late.ok ? "" : late.error.message).toContain(`process ${process.pid}, msg_1 to Agent-1`);
    await lease.release();
  });

  it("shows its holder and those in line", async () => {
    const lease = await take("first");
    const second = acquireDesktopLock(request("second"));
    await until("the second stands in line", () => waiting().length === 1, 5_000, 5);
    const shown = readLine(users.folder, users.display);
    expect([shown.holder?.purpose, shown.holder?.pid]).toEqual(["first", process.pid]);
    expect(waiting()).toEqual(["second"]);
    await lease.release();
    const next = await second;
    if (next.ok) await next.release();
    expect(readLine(users.folder, users.display)).toEqual({ holder: null, waiting: [] });
  });

  it("is lost when the clock jumps", async () => {
    const lease = await take("before the jump");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    try {
      expect(lease.refusal()?.error.code).toBe("lock_lost");
    } finally {
      vi.useRealTimers();
    }
    // It stays lost when the clock is set right again.
    expect(lease.refusal()?.error).toMatchObject({ code: "lock_lost" });
    await lease.release();
  });

  it("is nobody's after its release, which may be asked for twice", async () => {
    const lease = await take("once");
    await lease.release();
    await lease.release();
    expect(lease.refusal()?.error.code).toBe("lock_lost");
    await (await take("again")).release();
  });

  it("is another one on another display, and the same one under another name of the display", async () => {
    const lease = await take("here");
    const other = await acquireDesktopLock({
      ...request("there"),
      display: `${users.display}x`,
      deadlineMs: 0,
    });
    expect(other.ok).toBe(true);
    if (other.ok) await other.release();
    const screen = `unix${users.display}.0`;
    const same = await acquireDesktopLock({ ...request("here as well"), display: screen, deadlineMs: 0 });
    expect(same.ok ? "taken" : same.error.code).toBe("lock_timeout");
    await lease.release();
  });
});
