/** The desktop of a macOS or Windows session: its lock, what is missing there, and what a crashed driver left behind. */

import { mkdirSync } from "node:fs";
import { sentinel } from "../../domain/sentinel.ts";
import type { GuestState, Hands, Refusal } from "../../ports/desktop.ts";
import type { Clock, Random } from "../../ports/world.ts";
import { clickPlaces } from "../click-places.ts";
import { lastInputLeft, leaveLastInput, lineFolder } from "../desktop-line.ts";
import type { DesktopLease, LockRequest } from "../desktop-lock.ts";
import { desktopName } from "../desktop-name.ts";
import type { DriverDesktop } from "../driver-desktop.ts";
import { abandonGuest, forgetGuest, keepGuest, leftBehind } from "../guest-file.ts";
import { handsOff, refuse } from "../refusals.ts";
import { userRuntimeFolder } from "../runtime-folder.ts";
import { nutClipboard } from "./clipboard.ts";
import { restoreClipboard, restorePlaces } from "./guest.ts";
import { nutHands } from "./hands.ts";
import { type IdleWatch, watchIdle } from "./idle.ts";
import { hearLateCopy } from "./late-copy.ts";
import type { NutCalls } from "./nut-calls.ts";
import { type NutDesk, pollUntil } from "./nut-desk.ts";
import { inputRefusal, titlesRefusal } from "./pointer.ts";

export interface NutDesktopDeps {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Milliseconds on a clock that all processes of the machine share. */
  readonly machineNow: () => number;
  readonly random: Pick<Random, "hex">;
  /** One pair of hands per desktop. */
  readonly lock: (request: LockRequest) => Promise<DesktopLease | Refusal>;
  /** Loads nut-js; called once, when a desktop is asked for the first time. */
  readonly openCalls: () => Promise<NutCalls>;
}

interface Session {
  readonly desk: NutDesk;
  readonly idle: IdleWatch;
  readonly line: string;
  /** Input was seen to work: the permissions are there. */
  isProbed: boolean;
}

const PREVIOUS_OWNER_MS = 1_500;
const LOOK_EVERY_MS = 20;
/** Input this soon after the crashed driver remembered the desktop was its own. */
const TOUCH_SLACK_MS = 5_000;

export function openNutDesktop(deps: NutDesktopDeps): DriverDesktop {
  const { clock, env, machineNow, platform, random } = deps;
  let session: Promise<Session> | null = null;
  let isForbidden = false;

  const open = async (line: string): Promise<Session> => {
    const clicks = clickPlaces(() => clock.monotonic());
    const desk: NutDesk = { calls: await deps.openCalls(), clock, machineNow, platform, clicks };
    mkdirSync(line, { recursive: true, mode: 0o700 });
    return { desk, idle: watchIdle(desk), line, isProbed: false };
  };

  const handsOf = ({ desk, idle, line }: Session, display: string, lease: DesktopLease): Hands =>
    nutHands(desk, idle, {
      lockRefusal: () => (isForbidden ? parentGone() : lease.refusal()),
      keepGuest: (state, own) => keepGuest(line, display, state, { own }),
      forgetGuest: () => forgetGuest(line),
      abandonGuest: () => abandonGuest(line),
      newSentinel: () => sentinel(random),
      release: async () => {
        const last = idle.lastOwnInput();
        if (last !== null) leaveLastInput(line, { at: last, othersAt: null });
        await lease.release();
      },
    });

  return {
    async acquire(asked, purpose, deadlineMs, signal) {
      const display = desktopName(asked, env, platform) ?? "";
      const folder = userRuntimeFolder(env);
      const lease = await deps.lock({ folder, display, purpose, deadlineMs, signal });
      if (!lease.ok) return lease;
      const opened = await ready(() => {
        session ??= open(lineFolder(folder, display));
        return session;
      });
      if (opened.ok)
        return { ok: true, hands: handsOf(opened.session, display, lease), waitedMs: lease.waitedMs };
      if (!opened.isOpen) session = null;
      await lease.release();
      return opened.refusal;
    },
    forbidInput() {
      isForbidden = true;
    },
    // The system serves the clipboard. What an attempt left unfinished lies in the guest file for the next start.
    leave: () => Promise.resolve(),
  };
}

type Ready =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly refusal: Refusal; readonly isOpen: boolean };

async function ready(open: () => Promise<Session>): Promise<Ready> {
  let session: Session;
  try {
    session = await open();
  } catch (cause) {
    return { ok: false, refusal: notLoaded(cause), isOpen: false };
  }
  try {
    const refusal = await missing(session);
    if (refusal) return { ok: false, refusal, isOpen: true };
    await putBackLeftBehind(session);
    return { ok: true, session };
  } catch (cause) {
    return { ok: false, refusal: crashed(cause), isOpen: true };
  }
}

async function missing(session: Session): Promise<Refusal | null> {
  const { desk, idle, line } = session;
  const last = lastInputLeft(line);
  if (last !== null) idle.othersActed(last.at);
  if (await desk.calls.isScreenLocked()) {
    return refuse(
      "screen_locked",
      "the screen is locked",
      "unlock it; the message is delivered by itself after that",
    );
  }
  if (session.isProbed) return null;
  // Asked first: the probe would hide what a person did a moment ago.
  await idle.humanIdleMs();
  const refusal = (await inputRefusal(desk)) ?? (await titlesRefusal(desk));
  idle.acted();
  session.isProbed = refusal === null;
  return refusal;
}

/** Puts back what a driver that was killed in the middle had found. */
async function putBackLeftBehind({ desk, idle, line }: Session): Promise<void> {
  let left = leftBehind(line);
  if (!left) return;
  await pollUntil(desk.clock, PREVIOUS_OWNER_MS, LOOK_EVERY_MS, () => {
    left = leftBehind(line);
    return Promise.resolve(!left || left.isOwnerGone);
  });
  if (!left) return;
  const { state, at, own } = left.kept;
  // Our keys may have had a text copied whose hash the crashed process could not write down any more.
  const isUntouched = (await idle.humanIdleMs()) > Date.now() - at - TOUCH_SLACK_MS;
  const clipboard = nutClipboard(desk, () => undefined, own);
  if (isUntouched) await hearLateCopy(desk.clock, clipboard);
  await restoreClipboard(clipboard, state);
  if (isUntouched) await restoreAll(desk, state);
  idle.acted();
  forgetGuest(line);
}

async function restoreAll(desk: NutDesk, state: GuestState): Promise<void> {
  const active = await desk.calls.activeWindow();
  await restorePlaces(desk, state, {
    windows: new Set(active === null ? [] : [active]),
    movedFrom: new Map(),
    leftPointerAt: await desk.calls.pointer(),
  });
}

function parentGone(): Refusal {
  return handsOff(
    "worker_died",
    "the worker that was typing has ended",
    "it is taken up again by the next worker",
  );
}

function notLoaded(cause: unknown): Refusal {
  return refuse(
    "desktop_unavailable",
    `nut-js, which moves pointer and keys, could not be loaded here (${reason(cause)})`,
    "it has builds for macOS and for Windows on x64; elsewhere give the agent the tmux or inbox transport",
  );
}

function crashed(cause: unknown): Refusal {
  return handsOff(
    "desktop_crashed",
    `the desktop did not answer (${reason(cause)})`,
    "the message is tried again by itself; if this repeats, run: swarm doctor",
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
}
