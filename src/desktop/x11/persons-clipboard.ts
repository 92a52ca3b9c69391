/** The person's clipboard text: what it is while swarm uses the clipboard, and how it is put back. */
import type { WindowId } from "./connection.ts";
import type { X11Desk } from "./hands.ts";
import { isLateAnswer } from "./late-answer.ts";

export interface PersonsClipboard {
  readonly text: string | null;
  /** Of `performance.now()`. */
  readonly at: number;
}

/** The person's text where the clipboard holds what swarm put there, or had copied there; null: it is to be read. */
export async function ownContent(desk: X11Desk): Promise<Pick<PersonsClipboard, "text"> | null> {
  if (desk.clipboard.isOwner) return { text: desk.served };
  return (await isLateAnswer(desk, await desk.clipboard.owner())) ? desk.persons : null;
}

/**
 * Offers the person's text again if the clipboard is ours or nobody's; what somebody has copied meanwhile stays. The text
 * is for a program that outlives this process; null: there is none to keep.
 */
export async function restoreClipboard(
  desk: X11Desk,
  persons: () => string | null,
  isNobodys: (owner: WindowId) => boolean = () => false,
): Promise<string | null> {
  const { clipboard } = desk;
  for (;;) {
    const { takes } = clipboard;
    const owner = await clipboard.owner();
    const isOurs = clipboard.isOwner || owner === desk.copies.by || (await isLateAnswer(desk, owner));
    if (owner !== 0 && !isOurs && !isNobodys(owner)) {
      desk.served = null;
      desk.persons = null;
      return null;
    }
    const text = persons();
    const content = text === null ? null : { text, flavors: {} };
    // Else somebody has put something there since the look.
    if (!(await clipboard.offer(content, () => clipboard.takes === takes))) continue;
    desk.served = text;
    desk.persons = { text, at: performance.now() };
    // Somebody may have put a text there at that moment, which was read before it was taken over.
    if (persons() === text) return text;
  }
}
