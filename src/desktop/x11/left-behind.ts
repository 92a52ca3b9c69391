/** Puts back what a driver that was killed in the middle had found, and answers what it left unanswered. */
import type { GuestState } from "../../ports/desktop.ts";
import { lastInputLeft } from "../desktop-line.ts";
import { forgetGuest, type Kept, keepGuest, knownRequestors, leftBehind } from "../guest-file.ts";
import type { WindowId } from "./connection.ts";
import { restorePlaces } from "./guest.ts";
import type { X11Desk } from "./hands.ts";
import { machineNow } from "./idle.ts";
import type { ClipboardKeeper } from "./keeper.ts";
import { letGo } from "./keyboard.ts";
import { copyAnswered } from "./late-answer.ts";
import { answerOrphanedRequests } from "./orphaned-requests.ts";
import { restoreClipboard } from "./persons-clipboard.ts";

const PREVIOUS_OWNER_MS = 1_500;
const LOOK_EVERY_MS = 20;
const CLIPBOARD_TRIES = 3;
/** A page that waited for the killed driver's text goes on with its keys now: so long, in milliseconds, for its copy. */
export const THAWED_COPY_MS = 2_500;
/** The last event before the kill may not be noted. In milliseconds. */
const UNNOTED_MS = 500;
/** Input this soon after the crashed driver remembered the desktop was its own. In milliseconds. */
const TOUCH_SLACK_MS = 5_000;

/** `line`: the folder in which the processes of this display meet. The desktop lock must be held. */
export async function putBackLeftBehind(desk: X11Desk, line: string, keeper: ClipboardKeeper): Promise<void> {
  const kept = await abandoned(line);
  if (!kept) return;
  const { x, clipboard } = desk;
  const windows = (await x.numbers(x.root, "_NET_CLIENT_LIST")) ?? [];
  const clients = windows.map((id) => x.clientOf(id));
  const isAgents = (owner: WindowId) => clients.includes(x.clientOf(owner));
  const copied: string[] = [];
  const stopHearing = clipboard.keepOthers(isAgents, (text) => text !== null && copied.push(text));
  try {
    await putBack(desk, line, keeper, { kept, windows, clients, isAgents, copied });
  } finally {
    stopHearing();
  }
}

interface Found {
  readonly kept: Kept;
  readonly windows: readonly WindowId[];
  /** The programs of these windows. */
  readonly clients: readonly WindowId[];
  readonly isAgents: (owner: WindowId) => boolean;
  /** What other programs have copied since the kill; grows. */
  readonly copied: string[];
}

async function putBack(
  desk: X11Desk,
  line: string,
  keeper: ClipboardKeeper,
  { kept, windows, clients, isAgents, copied }: Found,
): Promise<void> {
  const { x, clipboard, idle } = desk;
  const answers = () => [...new Set(clients)].reduce((sum, client) => sum + clipboard.takesOf(client), 0);
  const answersBefore = answers();
  // The last copy keys of who was killed may still lie in the queue of a page: others may have copied something since.
  const isCopyOpen = !kept.isSettled && !isAgents(await clipboard.owner());
  copied.push(...(await othersNow(desk, isAgents)));
  const requestors = [...knownRequestors(line).all()];
  await answerOrphanedRequests(x, new Set([...requestors, ...clients]));
  for (const client of requestors.map((id) => x.clientOf(id)))
    if (clients.includes(client)) desk.typedInto.add(client);
  if (!kept.isSettled) {
    const isOwn = await isLastInputOwn(desk, line);
    if (isOwn) await letGo(x);
    if (isOwn || (await nobodyTouched(desk, kept.at))) {
      await restoreAllPlaces(desk, kept.state, windows);
      idle.acted();
    }
  }
  // A paste that still lies there would take what is in the clipboard by then: the next message, or another agent's draft.
  const isAnswered = !isCopyOpen || (await copyAnswered(clipboard, answers, answersBefore, THAWED_COPY_MS));
  const [of] = desk.typedInto;
  if (!isAnswered && of !== undefined) {
    desk.copies.unanswered.set(of, performance.now());
    desk.copies.open = { of, takes: clipboard.takesOf(of), at: performance.now() };
  }
  desk.beforeKill = [...kept.others, ...copied];
  const persons = () => copied.at(-1) ?? kept.state.clipboardText;
  // A program with windows may have been told to copy by the killed driver; others have put there what they wanted to.
  const isBack = await putTextBack(desk, persons, keeper, isAgents);
  // Forgotten only when all is back: this process may be killed as well. Where no keeper could be had, this process is
  // the one that serves the text.
  if (isBack) forgetGuest(line);
  else {
    const state = { ...kept.state, clipboardText: persons() };
    keepGuest(line, desk.displayName, state, { others: desk.beforeKill });
  }
}

/** What another program than an agent's has put there since the kill, before anybody heard it. */
async function othersNow(
  { clipboard }: X11Desk,
  isAgents: (owner: WindowId) => boolean,
): Promise<readonly string[]> {
  const owner = await clipboard.owner();
  if (owner === 0 || isAgents(owner)) return [];
  const text = await clipboard.read(PREVIOUS_OWNER_MS);
  return text === null ? [] : [text];
}

/** What was kept by a process that has ended; one that has not is given some time to put it back itself. */
async function abandoned(line: string) {
  const end = performance.now() + PREVIOUS_OWNER_MS;
  let left = leftBehind(line);
  while (left && !left.isOwnerGone && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    left = leftBehind(line);
  }
  return left?.kept ?? null;
}

/** The last input was that of a driver, which may have been killed on a key. */
async function isLastInputOwn({ idle }: X11Desk, line: string): Promise<boolean> {
  const lastOwn = lastInputLeft(line)?.at ?? null;
  return lastOwn !== null && machineNow() - (await idle.humanIdleMs()) < lastOwn + UNNOTED_MS;
}

async function nobodyTouched({ idle }: X11Desk, since: number): Promise<boolean> {
  return (await idle.humanIdleMs()) > Date.now() - since - TOUCH_SLACK_MS;
}

async function restoreAllPlaces(
  { x }: X11Desk,
  state: GuestState,
  windows: readonly number[],
): Promise<void> {
  const disturbances = windows.map((window) => ({ window, wasMinimised: false, movedFrom: null }));
  const { rootX, rootY } = await x.ask<{ rootX: number; rootY: number }>((r) =>
    x.client.QueryPointer(x.root, r),
  );
  await restorePlaces(x, state, disturbances, { x: rootX, y: rootY });
}

/** False where this process serves the text itself. `isNobodys`: what this program has put there was not a person's. */
async function putTextBack(
  desk: X11Desk,
  persons: () => string | null,
  keeper: ClipboardKeeper,
  isNobodys: (owner: WindowId) => boolean,
): Promise<boolean> {
  for (let tries = 0; tries < CLIPBOARD_TRIES; tries++) {
    const text = await restoreClipboard(desk, persons, isNobodys);
    if (text === null) return true;
    const isKept = await keeper.handOver(text);
    const isAgain = isNobodys(await desk.clipboard.owner());
    if (!isAgain || (await desk.clipboard.read(PREVIOUS_OWNER_MS)) === text) return isKept;
  }
  return desk.served === null;
}
