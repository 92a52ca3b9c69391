/** The line before the desktop lock under load: holders that die, many who wait. */
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { lineFolder, readLine } from "../../src/desktop/desktop-line.ts";
import type { Shift } from "../desktop/lock-user.ts";
import { type LockUser, type LockUsers, lockUsers } from "../desktop/lock-users.ts";
import { until } from "../desktop-fixture/until.ts";

/** Long enough that two who are in at once would meet. */
const HOLD_MS = 3;
const HOUR_S = 3600;

/**
 * In each round a holder dies and leaves a lock file that looks an hour old; in every other one `waiters` stand in line
 * already, else they come all at once. Gives how often the lock was taken.
 */
export async function takeOverStaleLocks(rounds: number, waiters: number): Promise<number> {
  const users = lockUsers();
  try {
    const all = await startUsers(users, waiters);
    let next = users.start("holder");
    for (let round = 0; round < rounds; round += 1) {
      const holder = await next;
      next = users.start("holder");
      await holder.tell("take");
      const isInLine = round % 2 === 0;
      const early = isInLine ? all.map((user) => user.tell(`rounds 1 ${HOLD_MS}`)) : [];
      if (isInLine) await untilWaiting(users, waiters);
      const longAgo = Date.now() / 1000 - HOUR_S;
      utimesSync(join(lineFolder(users.folder, users.display), "lock"), longAgo, longAgo);
      await holder.kill();
      const answers = isInLine ? early : all.map((user) => user.tell(`rounds 1 ${HOLD_MS}`));
      expect(await Promise.all(answers)).toEqual(all.map(() => 0));
    }
    await next;
    return rounds * waiters;
  } finally {
    await users.stop();
  }
}

/** Each of `count` processes takes the lock `times` times, as soon as it can, for `holdMs` each. All shifts, in the order of turns. */
export async function takeTurns(count: number, times: number, holdMs: number): Promise<readonly Shift[]> {
  const users = lockUsers();
  try {
    const all = await startUsers(users, count);
    const shifts = await Promise.all(all.map((user) => user.tell(`shifts ${times} ${holdMs}`)));
    return (shifts as Shift[][]).flat().sort((a, b) => a.takenAt - b.takenAt);
  } finally {
    await users.stop();
  }
}

/** In which order processes that came one after the other got their turns: 0, 1, 2 … where it is fair. */
export async function orderOfTurns(count: number): Promise<readonly number[]> {
  const users = lockUsers();
  try {
    const [holder, ...others] = await startUsers(users, count + 1);
    await holder?.tell("take");
    const order: number[] = [];
    const turns: Promise<unknown>[] = [];
    for (const [index, user] of others.entries()) {
      turns.push(
        user.tell("take").then(() => {
          order.push(index);
          return user.tell("release");
        }),
      );
      await untilWaiting(users, index + 1);
    }
    await holder?.tell("release");
    await Promise.all(turns);
    return order;
  } finally {
    await users.stop();
  }
}

async function untilWaiting(users: LockUsers, count: number): Promise<void> {
  const waiting = () => readLine(users.folder, users.display).waiting.length;
  await until(`${count} stand in line`, () => waiting() === count, 60_000, 2);
}

export async function startUsers(users: LockUsers, count: number): Promise<readonly LockUser[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => users.start(`user ${index}`)));
}

export interface Fairness {
  /** The longest waits, 99th percentile in milliseconds, and what they would have been with perfect turn taking. */
  readonly p99Ms: number;
  readonly perfectMs: number;
  /** From one release to the next taking, on average, in milliseconds. */
  readonly handOverMs: number;
  /** Turns that were taken while somebody who had come before was still waiting. */
  readonly overtakings: number;
}

/**
 * Perfect: everybody waits for those who came before, each with the mean time of a turn, hand-over included. The mean is
 * that of the turns while it waited, so that a machine which is busy for a while changes both sides alike.
 */
export function fairnessOf(shifts: readonly Shift[]): Fairness {
  const [first] = shifts;
  const last = shifts.at(-1);
  if (!first || !last) throw new Error("nobody took the lock");
  const turnMs = (last.releasedAt - first.takenAt) / shifts.length;
  const holdMs = shifts.reduce((sum, shift) => sum + shift.releasedAt - shift.takenAt, 0) / shifts.length;
  const waits = shifts.map(({ arrivedAt, takenAt }) => takenAt - arrivedAt);
  const perfect = shifts.map(({ arrivedAt, takenAt }) => {
    const unfinished = shifts.filter((other) => other.releasedAt > arrivedAt && other.arrivedAt < arrivedAt);
    const turns = shifts.filter((other) => other.releasedAt > arrivedAt && other.releasedAt <= takenAt);
    return turns.length === 0
      ? takenAt - arrivedAt
      : (unfinished.length * (takenAt - arrivedAt)) / turns.length;
  });
  const isOvertaking = ({ arrivedAt }: Shift, index: number) =>
    shifts.slice(index + 1).some((later) => later.arrivedAt < arrivedAt);
  return {
    p99Ms: p99(waits),
    perfectMs: p99(perfect),
    handOverMs: turnMs - holdMs,
    overtakings: shifts.filter(isOvertaking).length,
  };
}

function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(0.99 * values.length) - 1] ?? 0;
}
