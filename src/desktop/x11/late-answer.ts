/** A page that stood still answers a copy late: the person's text goes back into the clipboard after that, not before. */
import type { X11Clipboard } from "./clipboard.ts";
import type { WindowId } from "./connection.ts";
import type { X11Desk } from "./hands.ts";
import { NEVER_MS, type OpenCopy } from "./open-copies.ts";
import { nextTaking } from "./quiet.ts";

/** Since the copy was given up, in milliseconds. */
const GIVEN_UP_MS = 2_500;
/** Several copies may lie in one queue: the last is answered when for so long none was. In milliseconds. */
const QUIET_MS = 100;
const LATE_TEXT_MS = 500;

/**
 * True where what the clipboard holds can only be an answer to a copy of ours: a program that swarm typed into has taken
 * it, and nobody has touched the desktop since it held the person's text.
 */
export async function isLateAnswer(
  { persons, typedInto, idle, x }: X11Desk,
  owner: WindowId,
): Promise<boolean> {
  if (persons === null || owner === 0 || !typedInto.has(x.clientOf(owner))) return false;
  return (await idle.humanIdleMs()) > performance.now() - persons.at;
}

/** A copy that was given up and has been answered since is not waited for any more, nor one of an empty field, which no page answers. */
export function forgetAnswered({ clipboard, copies }: X11Desk): void {
  if (copies.open === null) return;
  const isAnswered = clipboard.takesOf(copies.open.of) !== copies.open.takes;
  if (isAnswered || performance.now() - copies.open.at > NEVER_MS) copies.open = null;
}

/** Waits for the answer to a copy that an attempt has given up. */
export async function hearLateAnswer(desk: X11Desk, open: OpenCopy): Promise<void> {
  const { clipboard, copies, idle } = desk;
  const leftMs = open.at + GIVEN_UP_MS - performance.now();
  if (!(await copyAnswered(clipboard, () => clipboard.takesOf(open.of), open.takes, leftMs))) return;
  const owner = await clipboard.owner();
  const isPersons = (await idle.humanIdleMs()) < performance.now() - open.at;
  if (desk.x.isSameClient(owner, open.of) && !isPersons) copies.by = owner;
}

/** Reads at once what the target answers to a copy that was given up: its next answer may follow within milliseconds. */
export function hearLateTexts(
  { clipboard, copies, x }: X11Desk,
  target: () => WindowId,
  heard: string[],
): () => void {
  return clipboard.onTaken((owner) => {
    if (copies.open === null || !x.isSameClient(owner, target())) return;
    void clipboard.read(LATE_TEXT_MS).then((text) => {
      if (text !== null) heard.push(text);
    });
  });
}

/** True when `count` (of takings of the clipboard) rose above `takes`, and then stayed; false after `timeoutMs`. */
export async function copyAnswered(
  clipboard: X11Clipboard,
  count: () => number,
  takes: number,
  timeoutMs: number,
): Promise<boolean> {
  let known = takes;
  let until = performance.now() + timeoutMs;
  for (;;) {
    const all = clipboard.takes;
    if (count() === known) await nextTaking(clipboard, all, until - performance.now());
    if (count() !== known) {
      known = count();
      until = performance.now() + QUIET_MS;
    } else if (performance.now() >= until) return known !== takes;
  }
}
