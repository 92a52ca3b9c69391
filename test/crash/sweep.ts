/** Kills a program at one point after the other, in a workspace of its own each, and has what is left judged. */
import {
  type KilledRun,
  type KillPoint,
  type Run,
  recordPoints,
  runKilledAt,
  type SeenPoint,
} from "./kill-points.ts";

/** One workspace in which the program is to be killed. */
export interface Stand {
  readonly run: Run;
  /** After the end of the run: recovers, and tells what is wrong. */
  judge(ended: KilledRun): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export interface SweepOptions {
  /** `changes`: only the points before which something has changed. */
  readonly which: "all" | "changes";
  /** Only every how manieth point; `offset` says with which one it begins. */
  readonly stride?: number;
  readonly offset?: number;
  /** But each one from the call that `from` matches to the one that `to` does. */
  readonly dense?: { readonly from: RegExp; readonly to: RegExp };
  /** True: on behind the last point that was recorded, until a run of each call lives. */
  readonly isToTheEnd: boolean;
  readonly lanes?: number;
}

export interface Swept {
  /** Runs that were killed. */
  readonly kills: number;
  /** Runs that ended by themselves. */
  readonly lived: number;
  readonly violations: readonly string[];
}

export async function sweepKills(
  stand: (lane: number) => Promise<Stand>,
  options: SweepOptions,
): Promise<Swept> {
  const { which, stride = 1, offset = 0, dense, isToTheEnd, lanes = 2 } = options;
  const { points, counts } = await recorded(await stand(0), which);
  const [first, last] = range(points, dense);
  const waiting = points.filter(
    (_, index) => index % stride === offset % stride || (index >= first && index <= last),
  );
  const swept = { kills: 0, lived: 0, violations: [] as string[] };
  const strike = async (lane: number, point: KillPoint) => {
    const { isHit, violations } = await strikeOnce(await stand(lane), point);
    swept[isHit ? "kills" : "lived"] += 1;
    swept.violations.push(...violations);
    return isHit;
  };
  const tails = isToTheEnd ? [...counts] : [];
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let point = waiting.shift(); point; point = waiting.shift()) await strike(lane, point);
      for (let tail = tails.shift(); tail; tail = tails.shift()) {
        const [call, count] = tail;
        for (let nth = count + 1; await strike(lane, { call, nth }); ) nth += 1;
      }
    }),
  );
  return swept;
}

function range(points: readonly SeenPoint[], dense: SweepOptions["dense"]): readonly [number, number] {
  if (!dense) return [0, -1];
  const first = points.findIndex(({ shown }) => dense.from.test(shown));
  const last = points.findIndex(({ shown }, index) => index > first && dense.to.test(shown));
  if (first < 0 || last < 0) throw new Error(`no calls from ${dense.from} to ${dense.to}`);
  return [first, last];
}

async function recorded(stand: Stand, which: "all" | "changes") {
  try {
    return await recordPoints(stand.run, which);
  } finally {
    await stand.remove();
  }
}

async function strikeOnce(stand: Stand, point: KillPoint) {
  try {
    const ended = await runKilledAt(stand.run, point);
    const faults = await stand.judge(ended);
    const where = `${ended.isHit ? "killed before" : "lived past"} ${point.call} ${point.nth}`;
    return { isHit: ended.isHit, violations: faults.map((fault) => `${where}: ${fault}`) };
  } finally {
    await stand.remove();
  }
}
