/** Opens the desktop of one X display, or says what is missing there. Knows the remedies, so that nothing fails later. */
import { readFileSync } from "node:fs";
import type { Refusal } from "../../ports/desktop.ts";
import { clickPlaces } from "../click-places.ts";
import { refuse } from "../refusals.ts";
import { openClipboard } from "./clipboard.ts";
import { connectX11 } from "./connection.ts";
import { isLockedByCover } from "./cover.ts";
import type { X11Desk } from "./hands.ts";
import { watchIdle } from "./idle.ts";
import { readKeyboard } from "./keyboard.ts";
import { noCopies } from "./open-copies.ts";
import { isLockedBySaver } from "./saver.ts";
import { hasWindowManager } from "./windows.ts";

const CONNECT_TIMEOUT_MS = 5_000;

export type OpenedDesk = { readonly ok: true; readonly desk: X11Desk };

/** The display to use: the one asked for, else the environment's. A refusal where there is none. */
export function chooseDisplay(asked: string | null, env: NodeJS.ProcessEnv): string | Refusal {
  const display = asked || env["DISPLAY"];
  if (display) return display;
  if (env["WAYLAND_DISPLAY"]) {
    return refuse(
      "desktop_unavailable",
      "this is a Wayland session without an X display: Wayland lets no program type into another's window",
      'log in to an X11 ("Xorg") session, or give the agent the tmux or inbox transport',
    );
  }
  return refuse(
    "desktop_unavailable",
    "there is no desktop here: neither the sender nor the worker has DISPLAY set",
    'set "desktop": { "display": ":0" } in swarm.json (cron and services have no DISPLAY), or use the inbox transport',
  );
}

export async function openDesk(
  display: string,
  onLost: (cause: Error) => void,
): Promise<OpenedDesk | Refusal> {
  const connection = await connect(display, onLost);
  if ("error" in connection) return connection;
  const { x } = connection;
  if (!(await hasWindowManager(x))) {
    x.close();
    return refuse(
      "desktop_unavailable",
      `no window manager that speaks EWMH runs on display ${display}: windows can't be raised or told apart`,
      "start one (any desktop environment has one; openbox is small), then: swarm retry-failed",
    );
  }
  const clipboard = await openClipboard(x);
  const keyboard = await readKeyboard(x);
  return {
    ok: true,
    desk: {
      ...{ displayName: display, x, clipboard, keyboard },
      idle: watchIdle(x),
      clicks: clickPlaces(() => performance.now()),
      served: null,
      copies: noCopies(),
      persons: null,
      typedInto: new Set(),
      beforeKill: [],
    },
  };
}

async function connect(display: string, onLost: (cause: Error) => void) {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`)),
      CONNECT_TIMEOUT_MS,
    );
  });
  try {
    return { x: await Promise.race([connectX11(display, onLost), timeout]) };
  } catch (cause) {
    return refuse(
      "desktop_unavailable",
      `the display ${display} can't be opened (${cause instanceof Error ? cause.message : String(cause)})`,
      `check that a desktop runs there and that you may use it (try: DISPLAY=${display} xset q), or set desktop.display in swarm.json`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** A refusal while the screen is locked: keys would go to the lock screen. */
export async function screenLocked(desk: X11Desk, env: NodeJS.ProcessEnv): Promise<Refusal | null> {
  const { x } = desk;
  const isLocked =
    isSessionLocked(env["XDG_SESSION_ID"]) || (await isLockedBySaver(x)) || (await isLockedByCover(x));
  return isLocked
    ? refuse(
        "screen_locked",
        "the screen is locked",
        "unlock it; the message is delivered by itself after that",
      )
    : null;
}

function isSessionLocked(session: string | undefined): boolean {
  if (!session || !/^\w+$/.test(session)) return false;
  try {
    return /^LOCKED_HINT=1$/m.test(readFileSync(`/run/systemd/sessions/${session}`, "utf8"));
  } catch {
    return false;
  }
}
