/** In an editor nothing is erased or replaced: a paste is undone, and believed to be when the rest reads so. */
import type { Guarded } from "../../ports/desktop.ts";
import { plain, sameText } from "./same-text.ts";
import { look, lookKeys, press, type Work } from "./work.ts";

/** A paste, and what controls have typed and erased behind it, each of which may be a step of its own. */
const STEPS = 10;
const SILENCES = 2;
const PATIENCE_MS = 3_000;

/** Undoes until the field reads as `wanted` again. A step is made only where it was read that there is more than that. */
export async function undoPaste(
  work: Work,
  wanted: string,
): Promise<Guarded<{ readonly isUndone: boolean }>> {
  const undo = work.profile.paste.replace(/[^+]+$/, "Z");
  for (let steps = 0, silences = 0; silences <= SILENCES; ) {
    const looked = await look(work, lookKeys(work), PATIENCE_MS);
    if (!looked.ok) return looked;
    if (looked.look.kind === "silence") {
      silences += 1;
      continue;
    }
    const { text } = looked.look.content;
    const isUndone = sameText(text, wanted);
    // The next step would be one of the person's.
    const isTooFar = plain(text).length < plain(wanted).length;
    if (isUndone || isTooFar || steps === STEPS) return { ok: true, isUndone };
    const pressed = await press(work, [work.profile.caretEnd, undo]);
    if (!pressed.ok) return pressed;
    steps += 1;
  }
  return { ok: true, isUndone: false };
}
