/** In an editor nothing is erased or replaced: a paste is undone, and believed to be when the rest reads so. */
import type { Guarded } from "../../ports/desktop.ts";
import { sameText } from "./same-text.ts";
import { look, lookKeys, press, type Work } from "./work.ts";

const TRIES = 3;
const PATIENCE_MS = 3_000;

/** Undoes until the field reads as `wanted` again. */
export async function undoPaste(
  work: Work,
  wanted: string,
): Promise<Guarded<{ readonly isUndone: boolean }>> {
  const undo = work.profile.paste.replace(/[^+]+$/, "Z");
  for (let tries = 0; ; tries++) {
    const looked = await look(work, lookKeys(work), PATIENCE_MS);
    if (!looked.ok) return looked;
    const isUndone = looked.look.kind === "text" && sameText(looked.look.content.text, wanted);
    if (isUndone || tries === TRIES) return { ok: true, isUndone };
    const pressed = await press(work, [work.profile.caretEnd, undo]);
    if (!pressed.ok) return pressed;
  }
}
