/** A page that stood still answers a copy late: the person's text goes back into the clipboard after that, not before. */
import type { X11Clipboard } from "./clipboard.ts";
import type { OpenCopy } from "./composer.ts";
import type { WindowId } from "./connection.ts";
import type { X11Desk } from "./hands.ts";

/** Since the copy was given up, in milliseconds. */
const GIVEN_UP_MS = 2_500;
/** Several copies may lie in one queue: the last is answered when for so long none was. In milliseconds. */
const QUIET_MS = 100;

/** Waits for the answer to a copy that an attempt has given up. */
export async function hearLateAnswer(desk: X11Desk, open: OpenCopy, askedOf: WindowId): Promise<void> {
  const { clipboard, copies, idle, x } = desk;
  if (!(await copyAnswered(clipboard, open.takes, open.at + GIVEN_UP_MS - performance.now()))) return;
  const owner = await clipboard.owner();
  const isPersons = (await idle.humanIdleMs()) < performance.now() - open.at;
  if (x.isSameClient(owner, askedOf) && !isPersons) copies.by = owner;
}

/** True when the clipboard was taken more than `takes` times, and then left alone; false after `timeoutMs`. */
export async function copyAnswered(
  clipboard: X11Clipboard,
  takes: number,
  timeoutMs: number,
): Promise<boolean> {
  let known = takes;
  let waitMs = timeoutMs;
  for (;;) {
    await nextTaking(clipboard, known, waitMs);
    if (clipboard.takes === known) return known !== takes;
    known = clipboard.takes;
    waitMs = QUIET_MS;
  }
}

/** Resolves when another program has taken the clipboard once more than `takes` times, or after `timeoutMs`. */
export function nextTaking(clipboard: X11Clipboard, takes: number, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (clipboard.takes !== takes) return resolve();
    const end = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, timeoutMs));
    const stop = clipboard.onTaken(end);
  });
}
