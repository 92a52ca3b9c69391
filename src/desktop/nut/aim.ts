/**
 * Aiming without events: the active window is asked for before and after every input and at every look for an answer.
 * Once it was seen to be another one, nothing counts any more until the next aim. A focus that goes away and comes back
 * between two looks is missed here, where X11 would tell.
 */
import { titleMatches } from "../../domain/agent.ts";
import type { Guarded, Refusal } from "../../ports/desktop.ts";
import { refuse } from "../refusals.ts";
import type { NutWindowId } from "./nut-calls.ts";
import { type NutDesk, type Permission, pollUntil } from "./nut-desk.ts";

const LOOK_EVERY_MS = 5;
const ASK_AGAIN_MS = 400;

export interface Aim {
  readonly window: NutWindowId;
  readonly title: string;
  /**
   * Does it if input is allowed, the window is active and bears its title, and was seen so at every look since `aim`.
   * A refusal of the guard means that `act` was not called. What `act` did while the focus went elsewhere counts for
   * nothing: every later call refuses.
   */
  guarded(act: () => Promise<Refusal | null>): Promise<Guarded<object>>;
  /** Looks at the focus now. A refusal once it was seen elsewhere. */
  seeFocus(): Promise<Refusal | null>;
}

/** Raises the window and waits until it is the active one. */
export async function aimAt(
  desk: NutDesk,
  window: NutWindowId,
  titlePattern: string,
  permission: Permission,
  deadlineMs: number,
): Promise<Guarded<{ readonly aim: Aim }>> {
  const denied = permission.refusal();
  if (denied) return denied;
  const { calls, clock } = desk;
  if ((await calls.window(window)) === null) return windowGone(titlePattern);
  let askedAt = Number.NEGATIVE_INFINITY;
  const isActive = await pollUntil(clock, deadlineMs, LOOK_EVERY_MS, async () => {
    if ((await calls.activeWindow()) === window) return true;
    if (clock.monotonic() - askedAt < ASK_AGAIN_MS) return false;
    askedAt = clock.monotonic();
    await calls.focus(window);
    permission.acted();
    return (await calls.activeWindow()) === window;
  });
  if (!isActive) return whyNotActive(desk, window, titlePattern, deadlineMs);
  return { ok: true, aim: makeAim(desk, window, titlePattern, permission) };
}

function makeAim(desk: NutDesk, window: NutWindowId, titlePattern: string, permission: Permission): Aim {
  const { calls } = desk;
  let lost: Refusal | null = null;
  const seeFocus = async (): Promise<Refusal | null> => {
    if (lost) return lost;
    const seen = await calls.window(window);
    if (seen === null) lost = windowGone(titlePattern);
    else if (!titleMatches(titlePattern, seen.title)) lost = titleChanged(titlePattern);
    // Asked last: the shorter the time between this and the key, the better.
    else if ((await calls.activeWindow()) !== window) lost = focusLost(titlePattern);
    return lost;
  };
  return {
    window,
    title: titlePattern,
    seeFocus,
    async guarded(act) {
      // A process that was stopped and continued hears of it when the event loop turns.
      await new Promise((resolve) => setImmediate(resolve));
      const refusal = permission.refusal() ?? (await seeFocus()) ?? permission.refusal();
      if (refusal) return refusal;
      const problem = await act();
      permission.acted();
      await seeFocus();
      return problem ?? { ok: true };
    },
  };
}

export function windowGone(title: string): Refusal {
  return refuse(
    "window_not_found",
    `the window "${title}" went away while it was being used`,
    "open it again, then: swarm retry-failed",
  );
}

function focusLost(title: string): Refusal {
  return refuse(
    "focus_lost",
    `another window took the focus from "${title}" during the attempt`,
    "nothing was submitted; the message is tried again by itself",
  );
}

function titleChanged(title: string): Refusal {
  return refuse(
    "focus_lost",
    `the window "${title}" now shows something else (its title changed)`,
    "bring the right page or file back in that window, or run: swarm calibrate",
  );
}

async function whyNotActive(
  { calls }: NutDesk,
  window: NutWindowId,
  title: string,
  deadlineMs: number,
): Promise<Refusal> {
  if ((await calls.window(window)) === null) return windowGone(title);
  const active = await calls.activeWindow();
  const front = active === null ? null : await calls.window(active);
  return refuse(
    "focus_lost",
    `"${title}" did not become the active window within ${Math.round(deadlineMs)} ms (in front: ${front ? `"${front.title}"` : "no window"})`,
    "see what keeps taking the focus; the message is tried again by itself",
  );
}
