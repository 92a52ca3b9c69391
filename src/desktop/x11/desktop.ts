/** The X displays that this driver process can reach, with the lock, the saved guest state and the clipboard's keeper. */
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DesktopGone, type GuestState, type Hands, type Refusal } from "../../ports/desktop.ts";
import { lastInputLeft, leaveLastInput, lineFolder } from "../desktop-line.ts";
import { acquireDesktopLock } from "../desktop-lock.ts";
import type { DriverDesktop } from "../driver-desktop.ts";
import { forgetGuest, keepGuest, knownRequestors, leftBehind } from "../guest-file.ts";
import { handsOff } from "../refusals.ts";
import { userRuntimeFolder } from "../runtime-folder.ts";
import { answerOrphanedRequests } from "./clipboard.ts";
import { chooseDisplay, clipboardKeeperMissing, openDesk, screenLocked } from "./desk.ts";
import { restorePlaces } from "./guest.ts";
import { restoreClipboard, type X11Desk, x11Hands } from "./hands.ts";
import { machineNow } from "./idle.ts";

interface Station {
  readonly desk: X11Desk;
  readonly line: string;
  /** Rejects when the display goes away. */
  readonly lost: Promise<never>;
  handOver: Promise<void>;
  /** The clipboard goes to its keeper when nothing has happened for a while. */
  handOverTimer: NodeJS.Timeout | undefined;
  /** An attempt is under way: what it found lies on disk until it has put it back. */
  isInUse: boolean;
}

/** A keeper is a process to start: not between two messages that follow each other. */
const HAND_OVER_AFTER_MS = 200;

const HAND_OVER_TIMEOUT_MS = 3_000;
const PREVIOUS_OWNER_MS = 1_500;
const RESTORE_TRIES = 3;

/** Opens displays as they are asked for. */
export function openX11Desktop(env: NodeJS.ProcessEnv): DriverDesktop {
  const stations = new Map<string, Station>();
  let isForbidden = false;

  const station = async (display: string, folder: string): Promise<Station | Refusal> => {
    const known = stations.get(display);
    if (known) return known;
    let lose: (cause: Error) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      lose = reject;
    });
    lost.catch(() => stations.delete(display));
    const opened = await openDesk(display, (cause) => lose(cause));
    if (!opened.ok) return opened;
    const line = lineFolder(folder, display);
    mkdirSync(line, { recursive: true, mode: 0o700 });
    const requestors = knownRequestors(line);
    opened.desk.clipboard.onRequest(({ requestor }) => requestors.add(requestor));
    const made: Station = {
      desk: opened.desk,
      line,
      lost,
      handOver: Promise.resolve(),
      handOverTimer: undefined,
      isInUse: false,
    };
    stations.set(display, made);
    return made;
  };

  return {
    async acquire(asked, purpose, deadlineMs, signal) {
      const display = chooseDisplay(asked, env);
      if (typeof display !== "string") return display;
      const missing = clipboardKeeperMissing(keeperFallback(), env);
      if (missing) return missing;
      const folder = userRuntimeFolder(env);
      const at = await station(display, folder);
      if (!("desk" in at)) return at;
      const lease = await acquireDesktopLock({ folder, display, purpose, deadlineMs, signal });
      if (!lease.ok) return lease;
      clearTimeout(at.handOverTimer);
      const refusal = (): Refusal | null => (isForbidden ? parentGone() : lease.refusal());
      try {
        await Promise.race([at.lost, at.handOver]);
        const last = lastInputLeft(at.line);
        if (last !== null) at.desk.idle.othersActed(last);
        await Promise.race([at.lost, putBackLeftBehind(at)]);
        const locked = await Promise.race([at.lost, screenLocked(at.desk, env)]);
        if (locked) {
          await lease.release();
          return locked;
        }
      } catch (cause) {
        await lease.release();
        return crashed(display, cause);
      }
      at.isInUse = true;
      const hands = x11Hands(at.desk, {
        lockRefusal: refusal,
        keepGuest: (state) => keepGuest(at.line, display, state),
        forgetGuest: () => forgetGuest(at.line),
        acted: () => noteInput(at),
        handOver: (text) => {
          at.handOverTimer = setTimeout(() => void handOver(at, text, env), HAND_OVER_AFTER_MS);
        },
        release: async () => {
          at.isInUse = false;
          await lease.release();
        },
      });
      return { ok: true, hands: untilLost(hands, at.lost, display), waitedMs: lease.waitedMs };
    },
    forbidInput() {
      isForbidden = true;
    },
    async leave(lingerMs) {
      await new Promise((resolve) => setTimeout(resolve, stations.size === 0 ? 0 : lingerMs));
      for (const at of stations.values()) {
        clearTimeout(at.handOverTimer);
        await at.handOver;
        const { clipboard, served } = at.desk;
        // What an attempt that was cut off had found is for the next start.
        if (at.isInUse) continue;
        if (clipboard.isOwner && served !== null) await handOver(at, served, env);
      }
    },
  };
}

function parentGone(): Refusal {
  return handsOff(
    "worker_died",
    "the worker that was typing has ended",
    "it is taken up again by the next worker",
  );
}

function crashed(display: string, cause: unknown): Refusal {
  return handsOff(
    "desktop_crashed",
    `the display ${display} went away in the middle (${cause instanceof Error ? cause.message : String(cause)})`,
    "the message is tried again by itself; nothing was submitted without being recorded",
  );
}

/** The same hands, each call ended with a refusal when the display goes away: X answers nothing after that. */
function untilLost(hands: Hands, lost: Promise<never>, display: string): Hands {
  const guard =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        return await Promise.race([lost, call(...args)]);
      } catch (cause) {
        if (cause instanceof DesktopGone) throw cause;
        // Calls that return no `Guarded` are looked at by the client, which knows a refusal by its shape.
        return crashed(display, cause) as R;
      }
    };
  return {
    humanIdleMs: guard(hands.humanIdleMs),
    windows: guard(hands.windows),
    pointer: guard(hands.pointer),
    windowAt: guard(hands.windowAt),
    remember: guard(hands.remember),
    aim: guard(hands.aim),
    click: guard(hands.click),
    press: guard(hands.press),
    look: guard(hands.look),
    pasteAndLook: guard(hands.pasteAndLook),
    restore: guard(hands.restore),
    release: hands.release,
  };
}

/** Puts back what a driver that was killed in the middle had found, and answers what it left unanswered. */
async function putBackLeftBehind(at: Station): Promise<void> {
  const end = performance.now() + PREVIOUS_OWNER_MS;
  let left = leftBehind(at.line);
  while (left && !left.isOwnerGone && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = leftBehind(at.line);
  }
  if (!left) return;
  const { x } = at.desk;
  const windows = (await x.numbers(x.root, "_NET_CLIENT_LIST")) ?? [];
  const firstOfEachClient = windows.map((id) => id & ~x.display.resource_mask);
  await answerOrphanedRequests(x, new Set([...knownRequestors(at.line).all(), ...firstOfEachClient]));
  const { state, at: since } = left.kept;
  const sinceMs = Date.now() - since;
  const humanIdleMs = await at.desk.idle.humanIdleMs();
  // The last event before the kill may not be noted.
  const lastOwn = lastInputLeft(at.line);
  const isOwn = lastOwn !== null && machineNow() - humanIdleMs < lastOwn + UNNOTED_MS;
  const isUntouched = isOwn || humanIdleMs > sinceMs - TOUCH_SLACK_MS;
  if (isUntouched) await restoreAll(at, state, windows);
  // Forgotten only when all is back: this process may be killed as well.
  const deps = {
    forgetGuest: () => undefined,
    handOver: (text: string) => {
      at.handOver = giveToKeeper(at.desk, text, process.env).catch(() => undefined);
    },
  };
  // While nobody has touched the machine, the clipboard is nobody's: its owner answered the crashed driver's last copy, or
  // does so only now.
  for (let tries = 0; tries < RESTORE_TRIES; tries++) {
    await restoreClipboard(at.desk, state, deps, isUntouched);
    await at.handOver;
    if (!isUntouched || (await at.desk.clipboard.read(PREVIOUS_OWNER_MS)) === state.clipboardText) break;
  }
  // Where no keeper could be had, this process is the one that serves the text.
  if (at.desk.served === null) forgetGuest(at.line);
  else keepGuest(at.line, at.desk.displayName, state);
}

/** Until the keeper has the text, it lies on disk for the next start. */
function handOver(at: Station, text: string, env: NodeJS.ProcessEnv): Promise<void> {
  at.handOver = giveToKeeper(at.desk, text, env).then(
    () => (at.desk.served === null ? forgetGuest(at.line) : undefined),
    () => undefined,
  );
  return at.handOver;
}

/** At once, for whoever comes after a driver that is killed. */
function noteInput({ desk, line }: Station): void {
  const last = desk.idle.lastOwnInput();
  if (last !== null) leaveLastInput(line, last);
}

const UNNOTED_MS = 500;
/** Input this soon after the crashed driver remembered the desktop was its own. */
const TOUCH_SLACK_MS = 5_000;

async function restoreAll(at: Station, state: GuestState, windows: readonly number[]): Promise<void> {
  const disturbances = windows.map((window) => ({ window, wasMinimised: false, movedFrom: null }));
  const { rootX, rootY } = await at.desk.x.ask<{ rootX: number; rootY: number }>((r) =>
    at.desk.x.client.QueryPointer(at.desk.x.root, r),
  );
  await restorePlaces(at.desk.x, state, disturbances, { x: rootX, y: rootY });
  at.desk.idle.acted();
}

/** clipboardy starts a program that serves the text after this process has ended. Believed only when read back. */
async function giveToKeeper(desk: X11Desk, text: string, env: NodeJS.ProcessEnv): Promise<void> {
  const display = env["DISPLAY"];
  process.env["DISPLAY"] = desk.displayName;
  try {
    const { default: clipboardy } = await import("clipboardy");
    await withTimeout(clipboardy.write(text), HAND_OVER_TIMEOUT_MS);
    const kept = await desk.clipboard.read(HAND_OVER_TIMEOUT_MS);
    if (kept !== text) await desk.clipboard.offer({ text, flavors: {} });
    else desk.served = null;
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

function keeperFallback(): string {
  try {
    return join(dirname(createRequire(__filename).resolve("clipboardy")), "fallbacks/linux/xsel");
  } catch {
    return "";
  }
}
