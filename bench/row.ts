/** One figure of the benchmark: what is measured, against what, and how much it may be. */

export interface Row {
  /** Short name, to run it alone. */
  readonly name: string;
  readonly work: string;
  /** What it is held against; null: the figure stands alone, in `unit`. */
  readonly against: string | null;
  readonly unit: "ms" | "MB";
  /** The most that it may be: a ratio of medians, or, without `against`, the median itself. */
  readonly limit: number;
  /** A better figure that is aimed at. */
  readonly aim?: number;
  measure(rounds: number): Promise<Samples>;
}

export interface Samples {
  readonly own: readonly number[];
  /** Measured in turn with `own`; empty where there is nothing to hold it against. */
  readonly other: readonly number[];
  /** How often the other went wrong and was done again; its time then does not count. */
  readonly otherWrong?: number;
  /** What is to be said besides. */
  readonly note?: string | null;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Figure {
  readonly row: Row;
  readonly own: Spread;
  readonly other: Spread | null;
  readonly otherWrong: number;
  readonly note: string | null;
  /** What is held against the limit. */
  readonly value: number;
  readonly isWithin: boolean;
}

export function figureOf(row: Row, { own, other, otherWrong = 0, note = null }: Samples): Figure {
  const ownSpread = spreadOf(own);
  const otherSpread = other.length > 0 ? spreadOf(other) : null;
  const value = otherSpread ? ownSpread.median / otherSpread.median : ownSpread.median;
  return { row, own: ownSpread, other: otherSpread, otherWrong, note, value, isWithin: value <= row.limit };
}

function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return { min: at(0), median: at(0.5), max: at(1) };
}

/** Runs both in turn, so that whatever slows the machine slows both. One round before is not counted. */
export async function inTurn(
  rounds: number,
  own: () => Promise<number>,
  other: () => Promise<number>,
): Promise<Samples> {
  const samples = { own: [] as number[], other: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    const pair = { own: await own(), other: await other() };
    if (round < 0) continue;
    samples.own.push(pair.own);
    samples.other.push(pair.other);
  }
  return samples;
}
