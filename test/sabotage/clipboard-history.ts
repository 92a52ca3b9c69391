import type { Told } from "./plan.ts";

/** What was copied is read at once, but the agents' browser may have a copy key in hand already. In milliseconds. */
const IN_HAND_MS = 250;

/**
 * The texts of which one must be in the clipboard now: the newest that was put there by anybody but swarm. Where the
 * browser, which had been told to copy, overwrote that before anybody could read it, the one before will do as well.
 */
export function clipboardsThatMayRemain(first: string, told: readonly Told[]): readonly string[] {
  const written = told.flatMap((each) => (each.did === "wrote" ? [each.text] : []));
  const overwritten = new Set(
    told.flatMap((each) =>
      each.did === "lost" && each.to === "browser" && each.heldMs < IN_HAND_MS ? [each.text] : [],
    ),
  );
  const history = [first, ...written].reverse();
  const sure = history.findIndex((text) => !overwritten.has(text));
  return history.slice(0, sure + 1);
}
