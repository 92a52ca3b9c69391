/** What the driver process can do with the desktops that it reaches, and which way of reaching them this system has. */
import { randomBytes } from "node:crypto";
import type { Guarded, Hands } from "../ports/desktop.ts";
import type { Clock } from "../ports/world.ts";
import { acquireDesktopLock } from "./desktop-lock.ts";
import { openNutDesktop } from "./nut/desktop.ts";
import { openCalls } from "./nut/open-calls.ts";
import { openX11Desktop } from "./x11/desktop.ts";

export interface DriverDesktop {
  acquire(
    display: string | null,
    purpose: string,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Guarded<{ readonly hands: Hands; readonly waitedMs: number }>>;
  /** No input event is made after this. */
  forbidInput(): void;
  /** Serves pastes under way for `lingerMs`, then gives the person's clipboard to its keeper. */
  leave(lingerMs: number): Promise<void>;
}

/** macOS and Windows have one desktop per session, which nut-js reaches; all others are X displays. */
export function openDriverDesktop(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): DriverDesktop {
  if (platform !== "darwin" && platform !== "win32") return openX11Desktop(env);
  const random = { hex: (bytes: number) => randomBytes(bytes).toString("hex") };
  const machineNow = () => Number(process.hrtime.bigint() / 1000n) / 1000;
  return openNutDesktop({
    ...{ platform, env, clock, machineNow, random },
    lock: acquireDesktopLock,
    openCalls: () => openCalls(platform),
  });
}

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
