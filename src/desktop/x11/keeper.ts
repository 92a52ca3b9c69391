/** Gives the person's clipboard text to a program that serves it after this process has ended. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { X11Clipboard } from "./clipboard.ts";
import type { WindowId } from "./connection.ts";
import type { X11Desk } from "./hands.ts";
import { nextTaking } from "./quiet.ts";

export interface ClipboardKeeper {
  /**
   * Starts a keeper. True when it was seen to have the text; else this process serves it on. `isNobodys`: what this program
   * copies meanwhile is no newer text of a person.
   */
  handOver(text: string, isNobodys?: (owner: WindowId) => boolean): Promise<boolean>;
  /** The same when nothing has happened for a while; `onKept` is told when it has the text. */
  handOverSoon(text: string, onKept: () => void): void;
  /** Its program is about to take the clipboard. */
  isHandingOver(): boolean;
  /** Calls off what was to be handed over soon, and waits for what is under way. */
  pause(): Promise<void>;
}

/** A keeper is a process to start: not between two messages that follow each other. */
const HAND_OVER_AFTER_MS = 200;
const HAND_OVER_TIMEOUT_MS = 3_000;
/** Somebody may copy again and again while a program is starting. */
const TURNS = 3;

export function clipboardKeeper(desk: X11Desk): ClipboardKeeper {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<boolean> = Promise.resolve(false);
  let handingOver = 0;
  const handOver: ClipboardKeeper["handOver"] = (text, isNobodys = () => false) => {
    handingOver += 1;
    underWay = giveToKeeper(desk, text, isNobodys)
      .catch(() => false)
      .finally(() => {
        handingOver -= 1;
      });
    return underWay;
  };
  return {
    handOver,
    isHandingOver: () => handingOver > 0,
    handOverSoon(text, onKept) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void handOver(text).then((isKept) => isKept && onKept());
      }, HAND_OVER_AFTER_MS);
    },
    async pause() {
      clearTimeout(timer);
      await underWay;
    },
  };
}

/**
 * clipboardy starts a program that serves the text after this process has ended. Believed only when read back. What
 * somebody has copied since stays: where the program took it over right after, it is offered again at once, and given to
 * a program in its turn.
 */
async function giveToKeeper(
  desk: X11Desk,
  text: string,
  isNobodys: (owner: WindowId) => boolean,
): Promise<boolean> {
  const { clipboard } = desk;
  // Loading takes this thread's time, in which nobody would see what somebody copies.
  await import("clipboardy");
  await desk.x.sync();
  if (!clipboard.isOwner) return true;
  let given = text;
  let newer: string | null = null;
  const stop = clipboard.keepOthers(isNobodys, (taken) => {
    if (taken !== given && taken !== null) newer = taken;
  });
  const newest = () => newer ?? given;
  try {
    for (let turns = 1; ; turns++) {
      const now = await startKeeper(desk, given);
      if (now !== null && now === newest()) {
        desk.served = null;
        return true;
      }
      const isLate = now === given;
      given = await offerNewest(clipboard, newest);
      if (newer === given) newer = null;
      desk.served = given;
      if (!isLate || turns === TURNS) return false;
    }
  } finally {
    stop();
  }
}

/** What somebody put there until the moment of the taking is read before, and counts. */
async function offerNewest(clipboard: X11Clipboard, newest: () => string): Promise<string> {
  for (;;) {
    const text = newest();
    if (await clipboard.offer({ text, flavors: {} }, () => newest() === text)) return text;
  }
}

/** What another program's clipboard holds after the start: this text, unless somebody had the last word or it does not come. */
async function startKeeper(desk: X11Desk, text: string): Promise<string | null> {
  const { clipboard } = desk;
  let { takes } = clipboard;
  let now: string | null = null;
  await writeWithClipboardy(desk, text);
  // xsel takes the clipboard some time after the call has returned.
  const until = performance.now() + HAND_OVER_TIMEOUT_MS;
  while (now !== text && performance.now() < until) {
    await nextTaking(clipboard, takes, until - performance.now());
    takes = clipboard.takes;
    now = await othersText(clipboard);
  }
  return now;
}

async function othersText(clipboard: X11Clipboard): Promise<string | null> {
  return clipboard.isOwner ? null : clipboard.read(HAND_OVER_TIMEOUT_MS);
}

async function writeWithClipboardy(desk: X11Desk, text: string): Promise<void> {
  const display = process.env["DISPLAY"];
  process.env["DISPLAY"] = desk.displayName;
  try {
    const { default: clipboardy } = await import("clipboardy");
    await withTimeout(clipboardy.write(text), HAND_OVER_TIMEOUT_MS);
  } finally {
    if (display === undefined) delete process.env["DISPLAY"];
    else process.env["DISPLAY"] = display;
  }
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** The program that clipboardy brings for where the system has none. */
export function keeperFallback(): string {
  try {
    return join(dirname(createRequire(__filename).resolve("clipboardy")), "fallbacks/linux/xsel");
  } catch {
    return "";
  }
}
