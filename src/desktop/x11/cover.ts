/** Lockers that tell nobody, as i3lock, xsecurelock and `xtrlock -b`: what they do to the screen gives them away. */
import { isInside, type Point, type Rect } from "../../domain/agent.ts";
import type { XConnection } from "./connection.ts";
import { isKeyboardTaken } from "./keyboard-taken.ts";
import { screenLayout } from "./layout.ts";
import { windowRect, windowsAt } from "./windows.ts";

/** Over a whole screen lies a window that is none of the window manager's, and the keyboard is somebody's alone. */
export async function isLockedByCover(x: XConnection): Promise<boolean> {
  const { screens } = await screenLayout(x);
  const covers = await Promise.all(screens.map((screen) => isCovered(x, screen)));
  return covers.includes(true) && (await isKeyboardTaken(x));
}

async function isCovered(x: XConnection, screen: Rect): Promise<boolean> {
  const middle = {
    x: screen.x + Math.floor(screen.width / 2),
    y: screen.y + Math.floor(screen.height / 2),
  };
  const { child } = await x.ask<{ child: number }>((r) =>
    x.client.TranslateCoordinates(x.root, x.root, middle.x, middle.y, r),
  );
  if (child === 0) return false;
  const top = await windowRect(x, child).catch(() => null); // null: gone meanwhile
  if (top === null || !isInside(screen, top) || !isInside(lastOf(screen), top)) return false;
  const [managed] = await windowsAt(x, [middle]);
  return managed === null;
}

/** The pixel in its bottom right corner. */
function lastOf({ x, y, width, height }: Rect): Point {
  return { x: x + width - 1, y: y + height - 1 };
}
