/** What the parts of the hands share: the system's calls, time, and the leave to make input. */
import type { Refusal } from "../../ports/desktop.ts";
import type { Clock } from "../../ports/world.ts";
import type { ClickPlaces } from "../click-places.ts";
import type { NutCalls } from "./nut-calls.ts";

export interface NutDesk {
  readonly calls: NutCalls;
  readonly clock: Clock;
  /** Milliseconds on a clock that all processes of the machine share. */
  readonly machineNow: () => number;
  readonly platform: NodeJS.Platform;
  readonly clicks: ClickPlaces;
}

/** Something that may forbid any input: the desktop lock. */
export interface Permission {
  /** Null while input is allowed. */
  refusal(): Refusal | null;
  /** Told after every input event of ours. */
  acted(): void;
}

/** Asks again and again until the answer is yes; false at the deadline. There are no events to wait for. */
export async function pollUntil(
  clock: Clock,
  deadlineMs: number,
  everyMs: number,
  isReached: () => Promise<boolean>,
): Promise<boolean> {
  const end = clock.monotonic() + deadlineMs;
  for (;;) {
    if (await isReached()) return true;
    if (clock.monotonic() >= end) return false;
    await pause(clock, everyMs);
  }
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}
