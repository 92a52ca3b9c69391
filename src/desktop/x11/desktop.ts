/** The X displays that this driver process can reach, with the lock, the saved guest state and the clipboard's keeper. */
import { mkdirSync } from "node:fs";
import { DesktopGone, type Hands, type Refusal } from "../../ports/desktop.ts";
import { type LastInput, lastInputLeft, leaveLastInput, lineFolder } from "../desktop-line.ts";
import { acquireDesktopLock } from "../desktop-lock.ts";
import type { DriverDesktop } from "../driver-desktop.ts";
import { abandonGuest, forgetGuest, keepGuest, knownRequestors } from "../guest-file.ts";
import { handsOff } from "../refusals.ts";
import { userRuntimeFolder } from "../runtime-folder.ts";
import { chooseDisplay, openDesk, screenLocked } from "./desk.ts";
import { type X11Desk, x11Hands } from "./hands.ts";
import { toMachine } from "./idle.ts";
import { type ClipboardKeeper, clipboardKeeper } from "./keeper.ts";
import { watchForLateAnswers } from "./late-watch.ts";
import { putBackLeftBehind } from "./left-behind.ts";

interface Station {
  readonly desk: X11Desk;
  readonly line: string;
  /** Rejects when the display goes away. */
  readonly lost: Promise<never>;
  readonly keeper: ClipboardKeeper;
  /** An attempt has found what it has not put back yet: that lies on disk. */
  isInUse: boolean;
}

/** For putting right what the clipboard holds, in milliseconds. */
const TURN_MS = 5_000;

/** Opens displays as they are asked for. */
export function openX11Desktop(env: NodeJS.ProcessEnv): DriverDesktop {
  const stations = new Map<string, Station>();
  /** Several may ask for it before it is open. */
  const opening = new Map<string, Promise<Station | Refusal>>();
  let isForbidden = false;

  const station = (display: string, folder: string): Promise<Station | Refusal> => {
    const known = stations.get(display);
    if (known) return Promise.resolve(known);
    const opened = opening.get(display) ?? open(display, folder).finally(() => opening.delete(display));
    opening.set(display, opened);
    return opened;
  };

  const open = async (display: string, folder: string): Promise<Station | Refusal> => {
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
      keeper: clipboardKeeper(opened.desk),
      isInUse: false,
    };
    watchForLateAnswers(made.desk, {
      isFree: () => !made.isInUse && !isForbidden,
      keeper: made.keeper,
      async takeTurn() {
        const request = { folder, display, purpose: "the clipboard", deadlineMs: TURN_MS };
        const lease = await acquireDesktopLock(request);
        return lease.ok ? () => lease.release() : null;
      },
    });
    stations.set(display, made);
    return made;
  };

  return {
    async acquire(asked, purpose, deadlineMs, signal) {
      const display = chooseDisplay(asked, env);
      if (typeof display !== "string") return display;
      const folder = userRuntimeFolder(env);
      const at = await station(display, folder);
      if (!("desk" in at)) return at;
      const lease = await acquireDesktopLock({ folder, display, purpose, deadlineMs, signal });
      if (!lease.ok) return lease;
      const refusal = (): Refusal | null => (isForbidden ? parentGone() : lease.refusal());
      try {
        await Promise.race([at.lost, at.keeper.pause()]);
        const last = lastInputLeft(at.line);
        if (last !== null) takeNote(at.desk, last);
        await Promise.race([at.lost, putBackLeftBehind(at.desk, at.line, at.keeper)]);
        const locked = await Promise.race([at.lost, screenLocked(at.desk, env)]);
        if (locked) {
          await lease.release();
          return locked;
        }
      } catch (cause) {
        await lease.release();
        return crashed(display, cause);
      }
      const hands = x11Hands(at.desk, {
        lockRefusal: refusal,
        keepGuest: (state, others, isSettled = false) => {
          at.isInUse = !isSettled;
          keepGuest(at.line, display, state, { others, isSettled });
        },
        forgetGuest: () => {
          at.isInUse = false;
          forgetGuest(at.line);
        },
        abandonGuest: () => abandonGuest(at.line),
        acted: () => noteInput(at),
        handOver: (text) => {
          at.isInUse = false;
          at.keeper.handOverSoon(text, () => forgetGuest(at.line));
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
        await at.keeper.pause();
        const { clipboard, served } = at.desk;
        // What an attempt that was cut off had found is for the next start.
        if (at.isInUse) continue;
        const isKept = clipboard.isOwner && served !== null && (await at.keeper.handOver(served));
        if (isKept) forgetGuest(at.line);
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
    untouchedMs: guard(hands.untouchedMs),
    submitIdleMs: guard(hands.submitIdleMs),
    editIdleMs: guard(hands.editIdleMs),
    windows: guard(hands.windows),
    layout: guard(hands.layout),
    image: guard(hands.image),
    pointer: guard(hands.pointer),
    windowsAt: guard(hands.windowsAt),
    remember: guard(hands.remember),
    aim: guard(hands.aim),
    click: guard(hands.click),
    press: guard(hands.press),
    look: guard(hands.look),
    pasteAndLook: guard(hands.pasteAndLook),
    restore: guard(hands.restore),
    lateAnswers: guard(hands.lateAnswers),
    copiedByOthers: guard(hands.copiedByOthers),
    release: hands.release,
  };
}

function takeNote({ idle, x }: X11Desk, { at, othersAt }: LastInput): void {
  idle.othersActed(at);
  if (othersAt !== null) x.presses.told(at - toMachine(), othersAt - toMachine());
}

/** At once, for whoever comes after a driver that is killed. */
function noteInput({ desk, line }: Station): void {
  const at = desk.idle.lastOwnInput();
  const { presses } = desk.x;
  if (at !== null)
    leaveLastInput(line, { at, othersAt: presses.isWatching ? presses.last() + toMachine() : null });
}
