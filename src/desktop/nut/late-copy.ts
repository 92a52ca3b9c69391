/** A page that stood still answers a copy late: the person's text goes back into the clipboard after that, not before. */
import type { Clock } from "../../ports/world.ts";
import type { NutClipboard } from "./clipboard.ts";
import { pollUntil } from "./nut-desk.ts";

const LOOK_EVERY_MS = 20;
const LATE_COPY_MS = 1_500;
/** The last of several copies is answered when for so long none was, in milliseconds. */
const QUIET_MS = 100;

/** While nobody touches the machine, what comes into the clipboard is the work of our keys. */
export async function hearLateCopy(clock: Clock, clipboard: NutClipboard): Promise<void> {
  let known = await clipboard.read();
  if (known === null) return;
  let waitMs = clipboard.isOwn(known) ? LATE_COPY_MS : QUIET_MS;
  for (;;) {
    clipboard.provoked(known);
    const before: string = known;
    const isChanged = await pollUntil(clock, waitMs, LOOK_EVERY_MS, async () => {
      const now = await clipboard.read();
      if (now !== null && now !== "") known = now;
      return known !== before;
    });
    if (!isChanged) return;
    waitMs = QUIET_MS;
  }
}
