/** A reading that is not what it should be may be of a moment before: a slow page answers late. */
import type { Content, Guarded } from "../../ports/desktop.ts";
import { look, lookKeys, type Work } from "./work.ts";

const LATE_FLOOR_MS = 300;
const LATE_FACTOR = 2;
const FIRST_PAUSE_MS = 5;

/** How long a reading is doubted, in milliseconds, where the composer answered within `answerMs`. */
export function lateMs(answerMs: number): number {
  return Math.max(LATE_FLOOR_MS, answerMs * LATE_FACTOR);
}

/** The reading, or the last of those that followed until one was as expected or the time was up. */
export async function settledReading(
  work: Work,
  first: { readonly content: Content; readonly ms: number },
  isExpected: (text: string) => boolean,
): Promise<Guarded<{ readonly text: string }>> {
  const { clock } = work;
  const doubtMs = lateMs(first.ms);
  const until = clock.monotonic() + doubtMs;
  let { text } = first.content;
  for (let pauseMs = FIRST_PAUSE_MS; !isExpected(text) && clock.monotonic() < until; pauseMs *= 2) {
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    const looked = await look(work, lookKeys(work), doubtMs);
    if (!looked.ok) return looked;
    if (looked.look.kind === "text") text = looked.look.content.text;
  }
  return { ok: true, text };
}
