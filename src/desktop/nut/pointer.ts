/** Moving the pointer, which is believed only when it is read back; and what it means when it does not move. */
import type { Point } from "../../domain/agent.ts";
import type { Refusal } from "../../ports/desktop.ts";
import { refuse } from "../refusals.ts";
import { type NutDesk, pollUntil } from "./nut-desk.ts";

/** The system handles a posted event a moment later. */
const ARRIVAL_MS = 300;
const LOOK_EVERY_MS = 2;
/** Windows counts the screen in 65,536 steps and rounds. */
const ROUNDING = 1;

/** Moves the pointer; true when it came to stand there, which it does not where no screen is. */
export async function reach(desk: NutDesk, point: Point): Promise<boolean> {
  const { calls, clock } = desk;
  await calls.movePointer(point);
  return pollUntil(clock, ARRIVAL_MS, LOOK_EVERY_MS, async () => isNear(await calls.pointer(), point));
}

export function isNear(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) <= ROUNDING && Math.abs(a.y - b.y) <= ROUNDING;
}

/**
 * Moves the pointer by one pixel, reads it back, and puts it back: without the permission every call is a silent no-op,
 * and this is the one way to notice. Null: input works.
 */
export async function inputRefusal(desk: NutDesk): Promise<Refusal | null> {
  const { calls, clock } = desk;
  const home = await calls.pointer();
  // At the edge of a screen one of the two ways is closed.
  for (const step of [1, -1]) {
    await calls.movePointer({ x: home.x + step, y: home.y });
    const hasMoved = await pollUntil(clock, ARRIVAL_MS, LOOK_EVERY_MS, async () => {
      const now = await calls.pointer();
      return now.x !== home.x || now.y !== home.y;
    });
    if (!hasMoved) continue;
    await calls.movePointer(home);
    return null;
  }
  return whyNoInput(desk);
}

async function whyNoInput({ calls, platform }: NutDesk): Promise<Refusal> {
  if (platform === "darwin") {
    return refuse(
      "desktop_unavailable",
      "macOS lets swarm neither move the pointer nor press keys: it would ignore every one of them without a word",
      "System Settings, Privacy & Security, Accessibility: allow the program that swarm runs in (your terminal), start that anew, then: swarm retry-failed",
    );
  }
  if (platform === "win32" && (await calls.activeWindow()) === null) {
    return refuse(
      "screen_locked",
      "the screen is locked, or a prompt of Windows has taken it: no window takes input",
      "unlock it; the message is delivered by itself after that",
    );
  }
  return refuse(
    "desktop_unavailable",
    "the pointer can't be moved: this session has no desktop of its own, or a program of an administrator is in front",
    "run swarm in the session in which you are logged in, with the rights of the programs it writes to; then: swarm retry-failed",
  );
}

/** A refusal where windows show but none tells its title: macOS hides them without the permission to record the screen. */
export async function titlesRefusal({ calls, platform }: NutDesk): Promise<Refusal | null> {
  if (platform !== "darwin") return null;
  const windows = await calls.windows();
  if (windows.length === 0 || windows.some(({ title }) => title !== "")) return null;
  return refuse(
    "desktop_unavailable",
    "macOS hides the titles of all windows from swarm: it can't tell one from another",
    "System Settings, Privacy & Security, Screen Recording: allow the program that swarm runs in (your terminal), start that anew, then: swarm retry-failed",
  );
}
