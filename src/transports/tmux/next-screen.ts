/**
 * An agent may empty its composer on Enter, and only some time later draw the screen that shows the message, with another
 * composer on it: what is typed in between is lost (OpenCode's first message of a session). Nothing is typed before a
 * screen has followed on which something else than the composer has changed as well.
 */
import { lookUntilSteady, type Seen, type Work } from "./work.ts";

/** So long after a submit the next screen is waited for, in milliseconds: an agent may show nothing of a message. */
const NEXT_SCREEN_MS = 2_000;

/** A submit that was proven by an empty composer. */
export interface Submit {
  /** The screen before the text stood in the composer. */
  readonly before: Seen;
  /** When it was proven, on the monotonic clock, in milliseconds. */
  readonly at: number;
}

/** Waits, at most until 2 s after the submit, for the screen that follows it. */
export async function nextScreen(work: Work, { before, at }: Submit): Promise<void> {
  const beside = rowsBeside(before);
  const isNext = (now: Seen) => now.reading.kind !== "unknown" && rowsBeside(now) !== beside;
  const leftMs = at + NEXT_SCREEN_MS - work.clock.monotonic();
  if (leftMs > 0) await lookUntilSteady(work, leftMs, isNext);
}

/** What stands on the screen outside of the composer, wherever it stands. */
function rowsBeside({ screen, reading }: Seen): string {
  const isOutside = (row: number) => reading.kind !== "composer" || row < reading.from || row > reading.to;
  const outside = screen.rows.filter((_row, i) => isOutside(i)).map(({ text }) => text.trim());
  return outside.filter((text) => text !== "").join("\n");
}
