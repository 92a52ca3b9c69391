/** The holder of the desktop is stopped while it types, and continued: its hands are off. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { readLine } from "../../src/desktop/desktop-line.ts";
import { lockUsers } from "../desktop/lock-users.ts";
import { until } from "../desktop-fixture/until.ts";
import { startUsers } from "./desktop-line.ts";

/** A longer stop is seen by the clock, before the next event. */
const KNOWN_AT_ONCE_MS = 2_200;
/** A shorter one is known by its signal, which on a busy machine another thread of the process may take some time to tell. */
const NOTICE_MS = 250;

/** Stops of these lengths one after the other, each at another moment. Gives how many input events were made before them. */
export async function stopTyping(stopsMs: readonly number[]): Promise<number> {
  const users = lockUsers();
  const file = join(users.folder, "typed");
  const typed = (): readonly number[] => {
    try {
      return readFileSync(file, "utf8").trimEnd().split("\n").map(Number);
    } catch {
      return [];
    }
  };
  let events = 0;
  try {
    const [holder, next] = await startUsers(users, 2);
    if (!holder || !next) throw new Error("two were asked for");
    for (const [round, stopMs] of stopsMs.entries()) {
      rmSync(file, { force: true });
      expect(await holder.tell("take")).toBe("taken");
      await holder.tell("type");
      await until("it types", () => typed().length > round % 7, 15_000, 1);
      const taken = next.tell("take 600000");
      holder.signal("SIGSTOP");
      await until(
        "another stands in line",
        () => readLine(users.folder, users.display).waiting.length > 0,
        15_000,
        1,
      );
      await delay(stopMs);
      events += typed().length;
      const continuedAt = Number(process.hrtime.bigint()) / 1e6;
      holder.signal("SIGCONT");
      await until("it knows", async () => (await holder.tell("refusal")) === "lock_lost");
      const noticedAt = continuedAt + (stopMs > KNOWN_AT_ONCE_MS ? 0 : NOTICE_MS);
      expect(typed().filter((begunAt) => begunAt > noticedAt)).toEqual([]);
      await holder.tell("release");
      expect([await taken, await next.tell("refusal")]).toEqual(["taken", null]);
      await next.tell("release");
    }
    return events;
  } finally {
    await users.stop();
  }
}
