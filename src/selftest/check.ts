/** What one line of the selftest says: the promise, how it was tried, and what the recipient saw. */

export type Part = "inbox" | "terminal" | "window";
export type Verdict = "held" | "did_not_hold" | "not_tried";

export interface Promised {
  readonly part: Part;
  /** Stable word for scripts. */
  readonly name: string;
  /** A sentence of README's promises, as it applies here. */
  readonly text: string;
}

/** Makes the promises of one part. */
export function promisesOf(part: Part): (name: string, text: string) => Promised {
  return (name, text) => ({ part, name, text });
}

export interface Check {
  readonly promised: Promised;
  readonly verdict: Verdict;
  /** How it was tried; empty where it was not. */
  readonly tried: string;
  readonly times: number;
  /** What the recipients' own logs hold; empty where it was not tried. */
  readonly saw: string;
  /** What did not hold, or why it could not be tried and what to do about it. */
  readonly reasons: readonly string[];
  readonly deliveries: Deliveries;
}

/** Of one check, or of all. */
export interface Deliveries {
  readonly total: number;
  /** With each piece of evidence that the transport has. */
  readonly delivered: number;
  /** Ended in another state, with an error that says why. */
  readonly refused: number;
  /** Swarm said that it can't tell. */
  readonly unconfirmed: number;
  readonly lost: number;
  readonly doubled: number;
  readonly misrouted: number;
  readonly altered: number;
}

export const NO_DELIVERIES: Deliveries = {
  total: 0,
  delivered: 0,
  refused: 0,
  unconfirmed: 0,
  lost: 0,
  doubled: 0,
  misrouted: 0,
  altered: 0,
};

export function notTried(promised: Promised, ...reasons: readonly string[]): Check {
  return { promised, verdict: "not_tried", tried: "", times: 0, saw: "", reasons, deliveries: NO_DELIVERIES };
}

/** One whose turn came too late for the minute. */
export function tooLate(promised: Promised): Check {
  return notTried(
    promised,
    "the minute was over before its turn",
    "this machine is busy: try again when it is less so",
  );
}

export function sum(all: readonly Deliveries[]): Deliveries {
  const keys = Object.keys(NO_DELIVERIES) as (keyof Deliveries)[];
  const total = (key: keyof Deliveries) => all.reduce((before, each) => before + each[key], 0);
  return Object.fromEntries(keys.map((key) => [key, total(key)])) as unknown as Deliveries;
}
