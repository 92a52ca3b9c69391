/** Counts down on one line of the terminal, while a person does something elsewhere on the screen. */
import type { Key, Keys } from "./keys.ts";
import { terminalWidth, writeErr } from "./output.ts";
import { shortened } from "./render.ts";

const STEP_MS = 100;
const KEYS = "Enter: it is there   s: skip   Ctrl+C: stop";

/** The key that ended it, or null when the time was over. `isAnimated`: the line may be drawn over. */
export async function countdown(keys: Keys, ms: number, isAnimated: boolean): Promise<Key | null> {
  const end = performance.now() + ms;
  let drawn = "";
  try {
    for (;;) {
      const leftMs = end - performance.now();
      if (leftMs <= 0) return null;
      const text = lineFor(leftMs);
      if (isAnimated && text !== drawn) writeErr(`\r\u001b[K${text}`);
      else if (drawn === "") writeErr(`${text}\n`);
      drawn = text;
      const key = await keys.next(Math.min(STEP_MS, leftMs));
      if (key !== null) return key;
    }
  } finally {
    if (isAnimated) writeErr("\r\u001b[K");
  }
}

function lineFor(leftMs: number): string {
  const seconds = `${Math.ceil(leftMs / 1000)} s`;
  return shortened(`  ${seconds.padStart(4)}   ${KEYS}`, terminalWidth("stderr") - 1);
}
